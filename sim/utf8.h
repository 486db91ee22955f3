/* SPDX-License-Identifier: MIT */
/* UTF-8 as both writers see it: no overlong forms, no surrogates. */
#ifndef SIM_UTF8_H
#define SIM_UTF8_H

#include <stddef.h>

/* The length of the UTF-8 sequence at s (of n bytes, n > 0); 0: it is none. */
size_t utf8_length(const char *s, size_t n);

#endif
