/* SPDX-License-Identifier: MIT */
/* Nothing here looks at the environment, a file or a socket. */
#include "src/cli/where.h"

#include <stdio.h>
#include <string.h>

#include "src/base/str.h"

static int
refuse_credentials(const struct where_asked *asked, struct err *err)
{
	const char *how = asked->is_emulator_host
	    ? "STORAGE_EMULATOR_HOST names an emulator, and no emulator is "
	      "ever sent a credential: unset it, or leave --credentials out"
	    : "--endpoint names an emulator over plain http, which is never "
	      "sent a credential: say https://, or leave --credentials out";

	return err_set(err, ERR_USAGE, "--credentials: %s", how);
}

int
where_choose(const struct where_asked *asked, struct where *w, struct err *err)
{
	bool is_nobody = asked->credentials != NULL &&
	    strcmp(asked->credentials, WHERE_NOBODY) == 0;

	*w = (struct where){ .has_credentials = !is_nobody };
	if (asked->endpoint == NULL) {
		w->is_secure = true;
		if (is_nobody)
			return err_set(err, ERR_USAGE,
			    "--credentials none: Google Cloud Storage is asked "
			    "as somebody; name an --endpoint, or leave this "
			    "out");
		return 0;
	}
	if (url_parse_endpoint(asked->endpoint, w->base, err) != 0)
		return -1;
	w->is_secure = str_starts(w->base, "https://");
	w->is_emulator = asked->is_emulator_host || !w->is_secure;
	if (!w->is_emulator)
		return 0;
	w->has_credentials = false;
	return asked->credentials != NULL && !is_nobody
	    ? refuse_credentials(asked, err)
	    : 0;
}

int
where_settle(struct where *w, const char *universe, struct err *err)
{
	char text[URL_BASE_MAX];
	size_t n = (size_t)snprintf(text, sizeof(text), "https://storage.%s",
	    universe);

	if (w->base[0] != '\0')
		return 0;
	if (n >= sizeof(text) || universe[0] == '\0' ||
	    strpbrk(universe, "/:") != NULL)
		return err_set(err, ERR_CONFIG,
		    "the credential's universe_domain is not a domain: "
		    "\"%.100s\"",
		    universe);
	if (url_parse_endpoint(text, w->base, err) != 0)
		return err_wrap(err, "the credential's universe_domain");
	return 0;
}
