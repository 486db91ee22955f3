/* SPDX-License-Identifier: MIT */
#include "src/cli/login.h"

#include "src/cli/options.h"

int
login_choose(struct login *l, const struct options *opts, struct err *err)
{
	struct where_asked asked = {
		.endpoint = opts->endpoint,
		.is_emulator_host = opt_said_by(&opts->said, "endpoint") ==
		    OPT_BY_VARIABLE,
	};

	if (where_choose(&asked, &l->where, err) != 0)
		return -1;
	if (l->where.has_credentials)
		return err_set(err, ERR_CONFIG,
		    "no emulator named: gcsweep has no credentials for real "
		    "GCS, so give --endpoint URL or STORAGE_EMULATOR_HOST");
	return 0;
}
