/* SPDX-License-Identifier: MIT */
/* JSON that clients send. */
#ifndef SIM_BODY_H
#define SIM_BODY_H

#include <stddef.h>

/* The string under "name" in a JSON object, into size bytes; -1 when there is
 * none or it does not fit. */
int body_parse_name(const void *body, size_t n, char *out, size_t size);

#endif
