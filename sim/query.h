/* SPDX-License-Identifier: MIT */
/*
 * Query parameters, as slices of the request's own text.  Parameters that
 * nobody asks for and empty ones are tolerated: clients send many.
 */
#ifndef SIM_QUERY_H
#define SIM_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* Parameters.  No request of ours has so many; one with more is refused. */
enum { QUERY_MAX = 128 };

struct query {
	size_t n;
	bool is_cut; /* there were more than fit */
	struct {
		const char *key;
		const char *value; /* not decoded */
		size_t key_len;
		size_t value_len;
	} param[QUERY_MAX];
};

/* text is what follows the `?`, borrowed as long as q is in use. */
void query_parse(struct query *q, const char *text, size_t n);

/* Is the parameter there, if only by its name? */
bool query_names(const struct query *q, const char *key);

/* Is the parameter there and not empty? */
bool query_has(const struct query *q, const char *key);

/* Replaces *out by the decoded value ("" when absent); -1: bad encoding. */
int query_get(const struct query *q, const char *key, struct buf *out);

/* The same of a text: -1, too, when it has a NUL in it, or does not fit. */
int query_text(const struct query *q, const char *key, struct buf *out);

/* Is the (undecoded) value this word? */
bool query_is(const struct query *q, const char *key, const char *word);

/* 1 and *out when the parameter is a number, 0 when absent or empty, -1 when
 * it is something else. */
int query_u64(const struct query *q, const char *key, uint64_t *out);

/* The same for true and false, as clients write them: also True, TRUE, 1. */
int query_bool(const struct query *q, const char *key, bool *out);

/* Is it there, and true?  What is neither true nor false counts as absent. */
bool query_is_true(const struct query *q, const char *key);

#endif
