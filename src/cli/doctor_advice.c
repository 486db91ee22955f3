/* SPDX-License-Identifier: MIT */
/* What to do about a bucket that is not reached. */
#include "src/cli/doctor.h"

#include <string.h>

/* Who is refused: nobody, or somebody whose credential or clock is wrong; or the
 * server by us, mostly for its certificate. */
static const char *
advice_on_refusal(const struct doctor_way *way, const struct err *err)
{
	if (!way->is_answered && strstr(err->text, "no TLS") != NULL)
		return "is that the port of https?";
	if (!way->is_answered)
		return "--ca-file names whom else to trust";
	if (way->is_emulator)
		return "it wants a credential, and none is sent to an emulator "
		       "or over plain http: name its https:// address by "
		       "--endpoint";
	if (!way->has_credential)
		return "it wants a credential: leave out --credentials none";
	return "is the credential above still good, and the clock right?";
}

static void
advise_on_way(const struct doctor_way *way, struct finding *f)
{
	if (way->is_emulator)
		finding_advise(f, "does an emulator run there?");
	else if (way->proxy != NULL)
		finding_advise(f, "is the proxy of %s the right one?",
		    way->proxy);
	else
		finding_advise(f,
		    "is there a way out to it, perhaps by a proxy?");
}

void
doctor_advise(const struct doctor_way *way, const struct err *err,
    struct finding *f)
{
	switch (err->code) {
	case ERR_NOT_FOUND:
		finding_advise(f,
		    "see what there is with: gcloud storage buckets list");
		break;
	case ERR_AUTH:
		finding_advise(f, "%s", advice_on_refusal(way, err));
		break;
	case ERR_NET:
		advise_on_way(way, f);
		break;
	case ERR_THROTTLED:
		finding_advise(f, "run again later");
		break;
	default:
		break;
	}
}
