/* SPDX-License-Identifier: MIT */
/*
 * Operations by the names that Google's documents and the retry tests of its
 * client libraries use, "storage.objects.delete", and what Google charges for
 * them.
 */
#ifndef SIM_METHOD_H
#define SIM_METHOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/routes.h"

/* Of Cloud Storage's price list: "Operation charges". */
enum method_class {
	METHOD_FREE,
	METHOD_CLASS_A, /* what writes or lists */
	METHOD_CLASS_B  /* what reads */
};
enum { METHOD_CLASSES = METHOD_CLASS_B + 1 };

/* The method that an operation is, of either API; NULL: of nothing that is
 * served. */
const char *method_name(enum operation op);

/* The same; of what is no method "batch" or "none". */
const char *method_label(enum operation op);

enum method_class method_class(enum operation op);

/* Is it no request of the API, but for a token to ask it with? */
bool method_is_of_auth(enum operation op);

/* A method's name without "storage.", if it has that. */
const char *method_short(const char *name);

/* Is that the name of the operation's method, with or without "storage.", by any
 * spelling that the retry tests have had?  What asks for tokens ("auth.token")
 * has names for rules alone: false. */
bool method_is(enum operation op, const char *name, size_t n);

/* Is it that of any? */
bool method_is_known(const char *name, size_t n);

/* The method that is meant by the words of method_is_known or of method_label,
 * in the latter's; NULL: there is none. */
const char *method_find(const char *name, size_t n);

#endif
