/* SPDX-License-Identifier: MIT */
/*
 * Doubts that only a person can settle.  None of them makes a plan wrong: what
 * they saw is unusual, and a wrong bucket, lost permissions or a broken clock
 * look like that far more often than a registry does.
 */
#include "src/registry/guards.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/str.h"
#include "src/registry/mark.h"
#include "src/registry/plan.h"

/* Of what was typed so much is repeated. */
enum { QUOTE_MAX = 40 };

int
guard_limit_parse(const char *text, struct guard_limit *out, struct err *err)
{
	out->is_share = str_ends(text, "%");
	if (out->is_share ? str_parse_share(text, &out->n) == 0
			  : str_parse_u64(text, &out->n) == 0)
		return 0;
	return err_set(err, ERR_USAGE,
	    "'%.*s%s': want a number of objects, or a share of those "
	    "listed such as 50%%",
	    QUOTE_MAX, text, strlen(text) > QUOTE_MAX ? "..." : "");
}

/* Millionths as percent, without zeros at the end. */
void
guard_limit_format(const struct guard_limit *limit, struct buf *out)
{
	char text[32];
	size_t n;

	if (!limit->is_share) {
		buf_addf(out, "%" PRIu64, limit->n);
		return;
	}
	n = (size_t)snprintf(text, sizeof(text), "%" PRIu64 ".%04" PRIu64,
	    limit->n / 10000, limit->n % 10000);
	while (text[n - 1] == '0')
		n--;
	n -= text[n - 1] == '.';
	buf_add(out, text, n);
	buf_addc(out, '%');
}

/* Our clock when the server's was heard, which is to the second.  Ages are told
 * by the server's alone; but one of the two is wrong, and it may be that one. */
static int
check_clocks(const struct guard_opts *opts, const struct mark *m,
    struct err *err)
{
	uint64_t ours = opts->wall_us + (m->heard_us - m->began_us), off;
	char seen[STR_DURATION_MAX], limit[STR_DURATION_MAX];

	if (opts->max_skew_us == 0 || opts->wall_us == 0 || m->server_us == 0)
		return 0;
	off = ours > m->server_us ? ours - m->server_us : m->server_us - ours;
	if (off <= opts->max_skew_us)
		return 0;
	return err_set(err, ERR_REFUSED,
	    "the clock here is %s %s the server's, by more than %s: one of "
	    "them is wrong, and ages cannot be trusted; set it right, or say "
	    "--max-skew off",
	    str_format_duration(seen, off - off % 1000000),
	    ours > m->server_us ? "ahead of" : "behind",
	    str_format_duration(limit, opts->max_skew_us));
}

/* Not one manifest is kept, and there are victims: far more often a wrong
 * listing, a wrong bucket or lost permissions than a registry that is all
 * garbage (distribution#2872: "0 blobs marked, 3 eligible", with live tags).
 * An empty listing of the repositories is the shortest way there. */
static int
check_mark(const struct guard_opts *opts, const struct mark *m,
    const struct plan *plan, struct err *err)
{
	if (opts->allow_empty_mark || plan->kept.manifests > 0)
		return 0;
	return err_set(err, ERR_REFUSED,
	    "not one manifest is live (repositories: %zu), yet objects would "
	    "go (%" PRIu64 "); if that is right, say --allow-empty-mark",
	    m->inv.repositories.n, plan_count(plan));
}

static void
add_digest(const struct mark *m, uint32_t node, struct buf *out)
{
	struct digest d;

	inventory_digest(&m->inv, node, &d);
	digest_format(&d, out);
}

/* A blob that an image needs is gone: deleted by hand, by a run of another
 * collector beside a push, or for want of what the mark sees.  Whatever it was
 * may not be over.  The children of an index do not count: it may be sparse. */
static int
check_holes(const struct guard_opts *opts, const struct mark *m,
    struct err *err)
{
	const struct graph_holes *holes = &m->holes;
	const struct graph_hole *hole = holes->first.v;
	struct buf manifest, blob;

	if (opts->allow_missing || holes->needed == 0)
		return 0;
	while (hole->reason != GRAPH_NEEDED)
		hole++;
	buf_init(&manifest, 256);
	buf_init(&blob, 256);
	add_digest(m, hole->manifest, &manifest);
	add_digest(m, hole->target, &blob);
	err_set(err, ERR_REFUSED,
	    "live manifests need blobs that are not there (%" PRIu64
	    " in %" PRIu64 "), the first %s of manifest %s; gcsweep check "
	    "lists all; to go on nevertheless, say --allow-missing",
	    holes->needed, holes->manifests, blob.data, manifest.data);
	buf_release(&manifest);
	buf_release(&blob);
	return -1;
}

static bool
is_within(const struct guard_limit *limit, uint64_t n, uint64_t listed)
{
	if (!limit->is_share)
		return n <= limit->n;
	return limit->n == GUARD_WHOLE || n * GUARD_WHOLE <= listed * limit->n;
}

static int
check_count(const struct guard_opts *opts, const struct mark *m,
    const struct plan *plan, struct err *err)
{
	uint64_t n = plan_count(plan);
	struct buf limit;

	if (is_within(&opts->max_delete, n, m->inv.objects))
		return 0;
	buf_init(&limit, 64);
	guard_limit_format(&opts->max_delete, &limit);
	err_set(err, ERR_REFUSED,
	    "%" PRIu64 " of the %" PRIu64 " objects listed would go, and "
	    "--max-delete is %s; if that is right, say --max-delete %" PRIu64
	    " or 100%%",
	    n, m->inv.objects, limit.data, n);
	buf_release(&limit);
	return -1;
}

int
guards_check(const struct guard_opts *opts, const struct mark *m,
    const struct plan *plan, struct err *err)
{
	if (plan_count(plan) == 0)
		return 0;
	if (check_clocks(opts, m, err) != 0 ||
	    check_mark(opts, m, plan, err) != 0 ||
	    check_holes(opts, m, err) != 0)
		return -1;
	return check_count(opts, m, plan, err);
}
