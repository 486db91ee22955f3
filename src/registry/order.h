/* SPDX-License-Identifier: MIT */
/*
 * In which order victims are sent.  A store keeps neighbours by name on one of
 * its servers, so a sweep in listing order would load one after the other and
 * leave the rest idle: victims are dealt in turn from groups, each of which is
 * shuffled.  Pure; 4 bytes a victim.
 */
#ifndef REGISTRY_ORDER_H
#define REGISTRY_ORDER_H

#include <stddef.h>
#include <stdint.h>

enum { ORDER_GROUPS = 256 };
#define ORDER_END SIZE_MAX

struct order {
	uint32_t *items;              /* n of them, group by group */
	size_t ends[ORDER_GROUPS];    /* where each group ends */
	size_t cursors[ORDER_GROUPS]; /* its next item */
	size_t left;
	unsigned turn; /* the group to look at next */
};

/* The numbers 0 to n-1, from the groups that group_of (answers less than
 * ORDER_GROUPS) puts them in.  One seed gives one order. */
void order_init(struct order *o, size_t n, uint64_t seed,
    unsigned (*group_of)(const void *arg, size_t i), const void *arg);
void order_release(struct order *o);

/* The next number, or ORDER_END. */
size_t order_next(struct order *o);

#endif
