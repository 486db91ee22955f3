/* SPDX-License-Identifier: MIT */
/* An explanation, as text or as a JSON line. */
#ifndef CLI_EXPLAINED_H
#define CLI_EXPLAINED_H

#include <stdbool.h>

struct explain;
struct explain_question;
struct mark;

void explained_print(const struct mark *m, const struct explain *x);
void explained_print_json(const struct explain_question *q,
    const struct mark *m, const struct explain *x);

/* Nothing here has or names it. */
void explained_unknown(const struct explain_question *q, bool is_json);

#endif
