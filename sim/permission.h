/* SPDX-License-Identifier: MIT */
/*
 * What may be done, in the words of IAM; sets of that, by name and by role; and
 * what each operation of the API wants.  Tables, no state.
 */
#ifndef SIM_PERMISSION_H
#define SIM_PERMISSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/routes.h"
#include "src/base/err.h"

struct json_out;

/* A bit for each permission. */
#define PERMISSION_ALL UINT64_MAX

/* The scopes of a token, as far as they make a difference here. */
enum {
	SCOPE_READ = 1,  /* devstorage.read_only */
	SCOPE_WRITE = 2, /* devstorage.read_write */
	SCOPE_FULL = 4,  /* devstorage.full_control */
	SCOPE_IAM = 8,   /* others' tokens, by impersonation */
	SCOPE_ALL = 15   /* cloud-platform */
};

/* What an operation wants of whoever asks for it. */
struct permission_need {
	const char *name;  /* NULL: nothing but to know who he is */
	const char *other; /* this, too; or NULL */
	const char *noun;  /* of what: "object"; NULL: anybody may do it */
	unsigned scopes;   /* one of them */
	bool overwrites;   /* storage.objects.delete, too, if it replaces one */
};

const struct permission_need *permission_need(enum operation op);

/* The bit of that name; 0: there is none. */
uint64_t permission_bit(const char *name, size_t n);

/* "viewer", "storage.objects.get,objects.list", "gc,storage.buckets.list": roles
 * and permissions with commas between.  ERR_USAGE names the word. */
int permission_parse(const char *text, uint64_t *set,
    struct err *err) MUST_CHECK;

/* Adds an array of names. */
void permission_add(uint64_t set, struct json_out *w);

/* What a list of scopes with blanks or commas between comes to; -1: one of them
 * is none. */
int permission_scopes(const char *text, unsigned *scopes);

#endif
