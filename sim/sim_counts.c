/* SPDX-License-Identifier: MIT */
/* What control_counts.c does over HTTP, for callers in the same process. */
#include "sim/sim_counts.h"

#include <string.h>

#include "sim/expect.h"
#include "sim/scope.h"
#include "sim/sim_priv.h"

static struct scope *
find(const struct sim *sim, const char *name, struct err *err)
{
	struct scope *sc = scopes_find(&sim->scopes, name);

	if (sc == NULL)
		err_set(err, ERR_NOT_FOUND, "there is no scope '%.100s'", name);
	return sc;
}

int
sim_scope_open(struct sim *sim, const char *name, bool by_header,
    struct err *err)
{
	return scopes_open(&sim->scopes, name, by_header, sim->journal.next,
		   loop_now(sim->loop), err) != NULL
	    ? 0
	    : -1;
}

int
sim_scope_close(struct sim *sim, const char *name, struct err *err)
{
	struct scope *sc = find(sim, name, err);

	if (sc == NULL)
		return -1;
	return scopes_close(sc, &sim->scopes, sim->journal.next,
	    loop_now(sim->loop), err);
}

uint64_t
sim_scope_count(const struct sim *sim, const char *scope, const char *key)
{
	const struct scope *sc = scopes_find(&sim->scopes, scope);
	struct expect_key what;
	struct err err;

	if (sc == NULL || expect_parse_key(&what, key, strlen(key), &err) != 0)
		return SIM_NO_COUNT;
	return expect_count(&what, &sc->tally, &sim->tariff);
}

int
sim_expect(const struct sim *sim, const char *query, struct err *err)
{
	const struct scope *sc;
	struct buf text;
	struct expect e;
	struct query q;
	int rc = -1;

	query_parse(&q, query, strlen(query));
	if (query_names(&q, "wait"))
		return err_set(err, ERR_USAGE,
		    "wait= is for GET /_sim/expect alone; here it is now");
	if (expect_parse(&e, &q, err) != 0)
		return -1;
	buf_init(&text, sizeof(err->text));
	if (query_get(&q, "scope", &text) != 0)
		err_set(err, ERR_USAGE, "scope= is no scope's name");
	else if ((sc = find(sim, text.data, err)) != NULL)
		rc = 0;
	buf_clear(&text);
	if (rc == 0 && !expect_check(&e, &sc->tally, &sim->tariff, &text))
		rc = err_set(err, ERR_AUDIT, "%s", text.data);
	buf_release(&text);
	return rc;
}
