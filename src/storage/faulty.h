/* SPDX-License-Identifier: MIT */
/*
 * A store whose operations fail on purpose: "from the nth operation of these
 * kinds on, fail k of them".  It stacks on any store.
 */
#ifndef STORAGE_FAULTY_H
#define STORAGE_FAULTY_H

#include "src/storage/storage.h"

struct faulty_rule {
	unsigned kinds;      /* 1 << STORAGE_LIST | ... : which are counted */
	unsigned long skip;  /* that many go through first */
	unsigned long count; /* then that many fail */
	bool is_acted;       /* the inner store acts, only the answer is lost */
	enum storage_verdict verdict;
	enum err_code code;
};

/* Takes over inner: closing the wrapper closes it. */
struct storage *faulty_new(struct storage *inner,
    const struct faulty_rule *rule);

/* Operations of the rule's kinds seen so far, and those that were failed. */
unsigned long faulty_seen(const struct storage *s);
unsigned long faulty_fired(const struct storage *s);

#endif
