/* SPDX-License-Identifier: MIT */
/* The rules that a simulator starts with. */
#include "sim/rules.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/opt.h"

/* As many rules as there may be have room, each as long as it may be. */
enum { PLAN_MAX = RULES_MAX * RULE_TEXT_MAX };

static int
read_plan(const char *path, struct buf *text, struct err *err)
{
	FILE *f = fopen(path, "r");
	char part[4096];
	size_t n;
	int rc = 0;

	if (f == NULL)
		return err_set(err, ERR_CONFIG,
		    "cannot read the faults of %s: %s", path, strerror(errno));
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(text, part, n);
	if (ferror(f))
		rc = err_set(err, ERR_CONFIG,
		    "cannot read the faults of %s: %s", path, strerror(errno));
	else if (text->full)
		rc = err_set(err, ERR_CONFIG,
		    "%s: a plan of faults has at most %d bytes", path,
		    PLAN_MAX);
	fclose(f);
	return rc;
}

int
rules_load(struct rules *r, const struct opt_strings *texts, uint64_t now_us,
    struct err *err)
{
	size_t line, i;
	int rc = 0;

	for (i = 0; i < texts->n && rc == 0; i++)
		rc = rules_add(r, texts->v[i], strlen(texts->v[i]),
		    RULE_BY_OPTION, now_us, &line, err);
	return rc;
}

int
rules_load_plan(struct rules *r, const char *path, uint64_t now_us,
    struct err *err)
{
	struct buf text;
	size_t line;
	int rc;

	buf_init(&text, PLAN_MAX);
	rc = read_plan(path, &text, err);
	if (rc == 0 &&
	    rules_add(r, text.data, text.len, RULE_BY_FILE, now_us, &line,
		err) != 0)
		rc = err_wrap(err, "%s:%zu", path, line);
	buf_release(&text);
	return rc;
}
