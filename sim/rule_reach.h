/* SPDX-License-Identifier: MIT */
/* Which operations a rule's WHAT means, and which of them a fault can show
 * on. */
#ifndef SIM_RULE_REACH_H
#define SIM_RULE_REACH_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/rule.h"
#include "src/base/err.h"

/* Fills r->reaches for r->what and r->kind.  ERR_USAGE: WHAT is nothing that is
 * known, or nothing of it can be met by the fault. */
int rule_reach(struct rule *r, struct err *err) MUST_CHECK;

/* Only uploads from now on.  ERR_USAGE: there are none among what it reaches. */
int rule_reach_uploads(struct rule *r, struct err *err) MUST_CHECK;

/* Does any of what it reaches name a bucket, or something else? */
bool rule_has_bucket(const struct rule *r);
bool rule_has_name(const struct rule *r);

#endif
