/* SPDX-License-Identifier: MIT */
/* A scope's counts, as JSON: doc/JSON.md has the keys. */
#ifndef SIM_SCOPE_JSON_H
#define SIM_SCOPE_JSON_H

#include "sim/bill.h"

struct json_out;
struct scope;
struct tally;

/* All of them, in the object that is open; or, of many scopes, an object with the
 * first few. */
void scope_json_add(const struct scope *sc, const struct sim_tariff *tariff,
    struct json_out *w);
void scope_json_add_short(const struct scope *sc, struct json_out *w);

/* The key "statuses" and its value. */
void scope_json_add_statuses(const struct tally *t, struct json_out *w);

/* The value of "bill". */
void scope_json_add_bill(const struct bill *b, struct json_out *w);

#endif
