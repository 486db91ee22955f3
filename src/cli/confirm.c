/* SPDX-License-Identifier: MIT */
/* The question on the terminal. */
#include "src/cli/confirm.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "src/base/str.h"
#include "src/cli/output.h"
#include "src/cli/run.h"

/* Ctrl-C at the prompt is a no that ends the wait at once. */
static bool
is_typed(struct signals *signals, const char *want)
{
	char line[256];
	size_t n = 0;
	ssize_t got;

	while (n < sizeof(line) && memchr(line, '\n', n) == NULL) {
		if (!signals_wait(signals, STDIN_FILENO))
			return false;
		got = read(STDIN_FILENO, line + n, sizeof(line) - n);
		if (got == 0 || (got == -1 && errno != EINTR))
			break;
		n += got > 0 ? (size_t)got : 0;
	}
	while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
		n--;
	return str_is(line, n, want);
}

static int
ask(struct run *r, struct err *err)
{
	const struct plan *plan = &r->gc.plan;
	uint64_t n = plan_count(plan);
	char size[STR_SIZE_MAX];

	fflush(stdout);
	fprintf(stderr,
	    "Delete %" PRIu64 " object%s (%s) from gs://%s? "
	    "Type the bucket's name: ",
	    n, output_plural(n), str_format_size(size, plan->bytes),
	    r->target->bucket);
	if (is_typed(&r->signals, r->target->bucket))
		return 0;
	if (!r->signals.is_stopping)
		return err_set(err, ERR_REFUSED,
		    "not confirmed, and nothing was deleted; type the bucket's "
		    "name, or say --yes");
	fputc('\n', stderr); /* after what was typed so far */
	return run_interrupted(r, "at the prompt", err);
}

int
confirm(struct run *r, struct err *err)
{
	uint64_t n = plan_count(&r->gc.plan);

	if (n == 0 || r->report.is_dry || r->opts->yes)
		return 0;
	if (isatty(STDIN_FILENO) && isatty(STDERR_FILENO))
		return ask(r, err);
	if (strcmp(r->command, "garbage-collect") == 0)
		return 0;
	return err_set(err, ERR_REFUSED,
	    "%" PRIu64 " object%s would be deleted from gs://%s, and "
	    "there is no terminal to ask: say --yes, or --dry-run",
	    n, output_plural(n), r->target->bucket);
}
