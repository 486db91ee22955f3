/* SPDX-License-Identifier: MIT */
/* sim_conf: any bytes as a change of a running simulator's options. */
#include <string.h>

#include "sim/conf.h"
#include "sim/json_out.h"
#include "sim/latency.h"
#include "sim/sim.h"
#include "src/base/buf.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "sim_conf";

enum { TEXT_MAX = 1024 * 1024 };

static void
show(const struct conf *c, struct buf *out)
{
	struct json_out w;

	buf_init(out, TEXT_MAX);
	json_init(&w, out, false, NULL);
	conf_add(c, true, &w);
	json_end(&w);
}

/* What it makes can be told, and what is told can be read: into the same. */
static void
check_taken(struct conf *c, const struct sim_opts *opts)
{
	struct conf_change again;
	struct err err = ERR_INIT;
	struct buf once, twice;
	struct latency latency;

	LAW(latency_init(&latency, opts, &err) == 0,
	    "a change that is taken can be carried out");
	conf_take(c, opts);
	show(c, &once);
	if (conf_change_parse(&again, c, once.data, once.len, &err) == 0) {
		conf_take(c, &again.next.opts);
		show(c, &twice);
		LAW(strcmp(once.data, twice.data) == 0,
		    "options that are told are read as the same");
		buf_release(&twice);
	} else {
		/* Some of them rest, and may not be said. */
		fuzz_is_refusal(&err, ERR_USAGE);
	}
	conf_change_release(&again);
	buf_release(&once);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct err err = ERR_INIT;
	struct conf_change change;
	struct sim_opts opts;
	struct conf c;

	/* As the command line has it: a latency is never unset. */
	sim_defaults(&opts);
	opts.latency = sim_constant(0);
	conf_init(&c, &opts);
	if (conf_change_parse(&change, &c, data, n, &err) == 0)
		check_taken(&c, &change.next.opts);
	else
		fuzz_is_refusal(&err, ERR_USAGE);
	conf_change_release(&change);
	conf_release(&c);
	return 0;
}
