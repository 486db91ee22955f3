/* SPDX-License-Identifier: MIT */
/*
 * A list of at most a thousand, looked through when somebody asks; requests go
 * by the slots.
 */
#include "sim/scope.h"

#include <stdlib.h>
#include <string.h>

#include "sim/snapshot.h"
#include "src/base/mem.h"

static const char all[] = "all";

static uint64_t
bit(const struct scope *sc)
{
	return UINT64_C(1) << sc->slot;
}

/* The lowest slot of a set that is not empty. */
static int
lowest(uint64_t set)
{
	return __builtin_ctzll(set);
}

static void
tell(const struct scopes *s)
{
	if (s->on_change != NULL)
		s->on_change(s->change_arg);
}

/* --- making and ending --- */

static void
free_scope(struct scope *sc)
{
	tally_release(&sc->tally);
	free(sc);
}

/* Nothing in flight knows it any more. */
static void
leave_slot(struct scope *sc, struct scopes *s)
{
	s->slot[sc->slot] = NULL;
	sc->has_slot = false;
	if (sc->is_forgotten)
		free_scope(sc);
}

static struct scope *
add(struct scopes *s, const char *name, bool by_header, int slot)
{
	struct scope *sc = mem_zalloc(1, sizeof(*sc)), **end = &s->list;

	memcpy(sc->name, name, strlen(name) + 1);
	sc->is_open = true;
	sc->by_header = by_header;
	sc->end = UINT64_MAX;
	sc->slot = slot;
	sc->has_slot = true;
	s->slot[slot] = sc;
	if (!by_header)
		s->everyone |= bit(sc);
	while (*end != NULL)
		end = &(*end)->next;
	*end = sc;
	s->n++;
	return sc;
}

/* Takes a closed one off the list. */
static void
forget(struct scopes *s, struct scope *sc)
{
	struct scope **at = &s->list;

	while (*at != sc)
		at = &(*at)->next;
	*at = sc->next;
	s->n--;
	if (sc->has_slot)
		sc->is_forgotten = true;
	else
		free_scope(sc);
}

void
scopes_init(struct scopes *s)
{
	*s = (struct scopes){ 0 };
	add(s, all, false, 0);
}

void
scopes_release(struct scopes *s)
{
	struct scope *sc;
	int i;

	for (i = 0; i < SCOPES_OPEN; i++) {
		if (s->slot[i] != NULL && s->slot[i]->is_forgotten)
			free_scope(s->slot[i]);
	}
	while ((sc = s->list) != NULL) {
		s->list = sc->next;
		free_scope(sc);
	}
}

/* --- by name --- */

struct scope *
scopes_all(const struct scopes *s)
{
	return s->slot[0];
}

struct scope *
scopes_find(const struct scopes *s, const char *name)
{
	struct scope *sc = s->list;

	if (*name == '\0')
		return scopes_all(s);
	while (sc != NULL && strcmp(sc->name, name) != 0)
		sc = sc->next;
	return sc;
}

static int
check_new(const struct scopes *s, const char *name, struct err *err)
{
	const struct scope *old = scopes_find(s, name);

	if (!snapshot_is_name(name, strlen(name)))
		return err_set(err, ERR_USAGE,
		    "scope '%.100s': want a name of 1 to %d of A-Z, a-z, 0-9, "
		    "'.', '_' and '-'",
		    name, SCOPE_NAME_MAX);
	if (old == scopes_all(s))
		return err_set(err, ERR_REFUSED,
		    "scope 'all' is the whole run; POST /_sim/reset begins it "
		    "anew");
	if (old != NULL && old->is_open)
		return err_set(err, ERR_REFUSED,
		    "scope '%s' is open already; DELETE closes it", name);
	if (old == NULL && s->n == SCOPES_MAX)
		return err_set(err, ERR_REFUSED,
		    "there are %d scopes; POST /_sim/reset forgets those that "
		    "are closed",
		    SCOPES_MAX);
	return 0;
}

struct scope *
scopes_open(struct scopes *s, const char *name, bool by_header, uint64_t row,
    uint64_t now_us, struct err *err)
{
	struct scope *sc;
	int slot = 0;

	if (check_new(s, name, err) != 0)
		return NULL;
	while (slot < SCOPES_OPEN && s->slot[slot] != NULL)
		slot++;
	if (slot == SCOPES_OPEN) {
		err_set(err, ERR_REFUSED,
		    "%d scopes are open, and no more can be; DELETE closes one",
		    SCOPES_OPEN - 1);
		return NULL;
	}
	if ((sc = scopes_find(s, name)) != NULL)
		forget(s, sc);
	sc = add(s, name, by_header, slot);
	sc->first = row;
	sc->opened_us = now_us;
	tell(s);
	return sc;
}

int
scopes_close(struct scope *sc, struct scopes *s, uint64_t row, uint64_t now_us,
    struct err *err)
{
	if (sc == scopes_all(s))
		return err_set(err, ERR_REFUSED,
		    "scope 'all' is the whole run, and open as long as it "
		    "lasts");
	if (!sc->is_open)
		return 0;
	sc->is_open = false;
	sc->end = row;
	sc->closed_us = now_us;
	s->everyone &= ~bit(sc);
	if (sc->held == 0)
		leave_slot(sc, s);
	return 0;
}

void
scopes_reset(struct scopes *s, uint64_t row, uint64_t now_us)
{
	struct scope *sc, *next;

	s->strays = 0;
	for (sc = s->list; sc != NULL; sc = next) {
		next = sc->next;
		if (!sc->is_open) {
			forget(s, sc);
			continue;
		}
		tally_clear(&sc->tally);
		sc->first = row;
		sc->opened_us = now_us;
	}
	tell(s);
}

/* --- what counts --- */

uint64_t
scopes_for(struct scopes *s, const char *header)
{
	const struct scope *sc;
	uint64_t left;

	if (header == NULL)
		return s->everyone;
	for (left = ~UINT64_C(0); left != 0; left &= left - 1) {
		sc = s->slot[lowest(left)];
		if (sc != NULL && sc->is_open && strcmp(sc->name, header) == 0)
			return s->everyone | bit(sc);
	}
	s->strays++;
	return s->everyone;
}

void
scopes_arrive(struct scopes *s, uint64_t set, enum sim_kind kind,
    enum operation op, bool opens)
{
	struct scope *sc;

	for (; set != 0; set &= set - 1) {
		sc = s->slot[lowest(set)];
		sc->held++;
		tally_arrive(&sc->tally, kind, op, opens);
	}
	tell(s);
}

void
scopes_answer(struct scopes *s, uint64_t set, uint64_t row,
    const struct tally_end *end)
{
	struct scope *sc;

	for (; set != 0; set &= set - 1) {
		sc = s->slot[lowest(set)];
		sc->held--;
		if (row >= sc->first)
			tally_answer(&sc->tally, end);
		if (!sc->is_open && sc->held == 0)
			leave_slot(sc, s);
	}
	tell(s);
}

/* The slot of a closed scope may be another's by now, but it was nobody else's
 * in these rows. */
bool
scope_has(const struct scope *sc, uint64_t row, uint64_t set)
{
	return row >= sc->first && row < sc->end && (set & bit(sc)) != 0;
}
