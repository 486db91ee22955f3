/* SPDX-License-Identifier: MIT */
/*
 * Named stretches of a run, each with a tally of its own.  A request counts in
 * every scope that is open when its head arrives and takes all, and in the one
 * that its header X-Sim-Scope names, if that is open; it stays theirs until it
 * is answered, whatever is closed meanwhile.  The scope "all" is the whole run.
 *
 * An open scope has a slot, and a set of scopes is a bit for each slot.  A slot
 * is given to another only when nothing in flight knows it, so of the rows
 * [first, end) of the journal those with its bit are the scope's.
 */
#ifndef SIM_SCOPE_H
#define SIM_SCOPE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/tally.h"
#include "src/base/err.h"

enum {
	SCOPES_OPEN = 64, /* slots: "all" has the first */
	SCOPES_MAX = 1000,
	SCOPE_NAME_MAX = 63
};

struct scope {
	struct scope *next; /* in order of opening */
	char name[SCOPE_NAME_MAX + 1];
	struct tally tally;
	int slot; /* that it has, or had */
	bool has_slot;
	bool is_open;
	bool is_forgotten; /* to be freed when nothing in flight knows it */
	bool by_header;    /* counts only what names it */
	uint64_t held;     /* requests that know it */
	uint64_t first;    /* row of the journal */
	uint64_t end;      /* not before it was closed */
	uint64_t opened_us;
	uint64_t closed_us;
};

struct scopes {
	struct scope *list;
	size_t n;
	struct scope *slot[SCOPES_OPEN];
	uint64_t everyone;            /* the open ones that take all */
	uint64_t strays;              /* requests that named no open scope */
	void (*on_change)(void *arg); /* of any count; or NULL */
	void *change_arg;
};

void scopes_init(struct scopes *s);
void scopes_release(struct scopes *s);

/* The run itself. */
struct scope *scopes_all(const struct scopes *s);

/* NULL: there is none.  "" is "all", too. */
struct scope *scopes_find(const struct scopes *s, const char *name);

/* Opens it at that row; a closed one of that name begins anew.  ERR_USAGE for a
 * name that cannot be, ERR_REFUSED when it is open or there are too many. */
struct scope *scopes_open(struct scopes *s, const char *name, bool by_header,
    uint64_t row, uint64_t now_us, struct err *err);

/* Its counts stay; to close it again does nothing.  ERR_REFUSED for "all". */
int scopes_close(struct scope *sc, struct scopes *s, uint64_t row,
    uint64_t now_us, struct err *err) MUST_CHECK;

/* Zeroes the open ones and forgets the others. */
void scopes_reset(struct scopes *s, uint64_t row, uint64_t now_us);

/* Where a request counts whose X-Sim-Scope says so (NULL: it has none). */
uint64_t scopes_for(struct scopes *s, const char *header);

/* It does, with that set; and is over, and was this row.  A scope that began
 * anew meanwhile does not count it. */
void scopes_arrive(struct scopes *s, uint64_t set, enum sim_kind kind,
    enum operation op, bool opens);
void scopes_answer(struct scopes *s, uint64_t set, uint64_t row,
    const struct tally_end *end);

/* Is the row the scope's, of this set? */
bool scope_has(const struct scope *sc, uint64_t row, uint64_t set);

#endif
