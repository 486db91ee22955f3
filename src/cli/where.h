/* SPDX-License-Identifier: MIT */
/*
 * Where requests go, and whether they say who we are.  The rules, pure:
 *
 *	STORAGE_EMULATOR_HOST	there, as nobody
 *	--endpoint http://...	there, as nobody
 *	--endpoint https://...	there, as what is found; or as nobody, if
 *				--credentials none says so
 *	none of them		https://storage.UNIVERSE, as what is found
 *
 * What an emulator is sent reaches whoever listens on that port, so that a
 * credential that is named together with one is an error and not a wish.
 */
#ifndef CLI_WHERE_H
#define CLI_WHERE_H

#include <stdbool.h>

#include "src/base/err.h"
#include "src/net/url.h"

struct where_asked {
	const char *endpoint;    /* of the line or the environment; or NULL */
	bool is_emulator_host;   /* STORAGE_EMULATOR_HOST said it */
	const char *credentials; /* --credentials; or NULL */
};

struct where {
	char base[URL_BASE_MAX]; /* "": where_settle finds it */
	bool is_emulator;
	bool is_secure; /* https */
	bool has_credentials;
};

/* ERR_USAGE says what does not go together, and what to do. */
int where_choose(const struct where_asked *asked, struct where *w,
    struct err *err) MUST_CHECK;

/* Completes base by the universe of the credential that was found, which is
 * "googleapis.com" but for sovereign clouds. */
int where_settle(struct where *w, const char *universe,
    struct err *err) MUST_CHECK;

/* What --credentials says for nobody. */
#define WHERE_NOBODY "none"

#endif
