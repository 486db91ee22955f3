/* SPDX-License-Identifier: MIT */
/*
 * Writes JSON the way GCS does: two spaces and `": "` when pretty, nothing
 * when compact, a newline at the end of either.  Keys that `fields=` does not
 * want are left out as they are written, so nothing is built twice.
 *
 *	json_open(&w, '{');
 *	if (json_key(&w, "name"))
 *		json_text(&w, name, n);
 *	json_close(&w, '}');
 *	json_end(&w);
 */
#ifndef SIM_JSON_OUT_H
#define SIM_JSON_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct fields;

enum { JSON_DEPTH = 16 };

struct json_out {
	struct buf *out;
	bool pretty;
	bool has_key; /* the value that comes next stands behind its key */
	int depth;
	const struct fields *inner; /* what is wanted of the next value */
	struct {
		const struct fields *want;
		bool is_array;
		bool has_items;
	} level[JSON_DEPTH];
};

void json_init(struct json_out *w, struct buf *out, bool pretty,
    const struct fields *want);

/* Writes the key, or answers false: write no value for it. */
bool json_key(struct json_out *w, const char *key);

/* The same for a key that a client made up: any text. */
bool json_any_key(struct json_out *w, const char *key);

/* kind is '{' or '['; close with '}' or ']'. */
void json_open(struct json_out *w, char kind);
void json_close(struct json_out *w, char kind);

/* What is not UTF-8 becomes U+FFFD. */
void json_text(struct json_out *w, const char *s, size_t n);
void json_str(struct json_out *w, const char *s);
void json_u64(struct json_out *w, uint64_t v);
void json_bool(struct json_out *w, bool v);

/* A value that is compact JSON already, laid out like all others.  What is
 * wanted of it is all of it. */
void json_raw(struct json_out *w, const char *text, size_t n);

/* GCS writes 64-bit integers as strings. */
void json_u64_str(struct json_out *w, uint64_t v);
void json_end(struct json_out *w);

/* A decimal number without printf's price; a page has thousands of them. */
void json_add_u64(struct buf *out, uint64_t v);

/* Is all of it UTF-8 (no overlong forms, no surrogates)? */
bool json_is_utf8(const char *s, size_t n);

#endif
