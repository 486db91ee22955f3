/* SPDX-License-Identifier: MIT */
/*
 * gcsweep explain: why a digest stays or goes, as gc with the same options would
 * decide it.  That it is not here is an answer too, with a status of its own.
 */
#include <inttypes.h>
#include <stdio.h>

#include "src/base/str.h"
#include "src/cli/commands.h"
#include "src/cli/explained.h"
#include "src/cli/output.h"
#include "src/cli/query.h"
#include "src/registry/explain.h"

static enum status
tell(struct run *r, const void *arg)
{
	const struct explain_question *q = arg;
	const struct mark *m = &r->gc.mark;
	struct err err = ERR_INIT;
	struct explain x;
	uint32_t node;

	if (explain_find(q, m, &node, &err) != 0)
		return run_fail(r, &err);
	if (node == HMAP_NONE) {
		explained_unknown(q, r->opts->json);
		return STATUS_FAILED;
	}
	explain_init(&x, m, node, r->opts->delete_untagged);
	if (r->opts->json)
		explained_print_json(q, m, &x);
	else
		explained_print(m, &x);
	explain_release(&x);
	return STATUS_OK;
}

enum status
cmd_explain(const struct options *opts, int argc, char **argv)
{
	struct explain_question q;
	struct err err = ERR_INIT;

	if (argc < 2)
		err_set(&err, ERR_USAGE,
		    "explain needs a digest, or REPOSITORY:TAG, and then the "
		    "registry");
	else if (explain_parse(argv[1], &q, &err) == 0) {
		argv[1] = argv[0];
		return query_run(opts, argc - 1, argv + 1, tell, &q);
	}
	output_error(&err, opts->json);
	return status_of(err.code);
}
