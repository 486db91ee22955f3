/* SPDX-License-Identifier: MIT */
/* Sums of at most 2^30 bytes and some hours: 64 bits hold them all. */
#include "sim/cost.h"

#include <string.h>

#include "src/base/buf.h"
#include "src/base/opt.h"
#include "src/base/str.h"

enum { MIB = 1 << 20 };

uint64_t
cost_setup(const struct sim_prices *p, uint32_t turn)
{
	return turn == 1 ? (uint64_t)p->handshake * p->rtt_us : 0;
}

static uint64_t
work_on(const struct sim_prices *p, size_t n)
{
	return n * p->mib_us / MIB;
}

uint64_t
cost_upload(const struct sim_prices *p, size_t n, uint64_t took_us)
{
	uint64_t way = p->bandwidth > 0 ? n * 1000000 / p->bandwidth : 0;

	return work_on(p, n) + (way > took_us ? way - took_us : 0);
}

uint64_t
cost_answer(const struct sim_prices *p, size_t entries, size_t n)
{
	return entries * p->entry_us + work_on(p, n);
}

/* --- bandwidth as text --- */

static int
parse_bandwidth(const char *text, void *value, struct err *err)
{
	size_t n = strlen(text);
	uint64_t bytes = 0;
	char size[32];
	int rc = -1;

	if (strcmp(text, "off") == 0) {
		rc = 0;
	} else if (str_ends(text, "/s") && n - 2 < sizeof(size)) {
		memcpy(size, text, n - 2);
		size[n - 2] = '\0';
		rc = str_parse_size(size, &bytes);
		if (bytes == 0 || bytes > (uint64_t)1 << 40)
			rc = -1;
	}
	if (rc != 0)
		return err_set(err, ERR_USAGE,
		    "'%s': want bytes a second such as 100MB/s, up to 1TiB/s, "
		    "or off",
		    text);
	memcpy(value, &bytes, sizeof(bytes));
	return 0;
}

static void
format_bandwidth(const void *value, struct buf *out)
{
	uint64_t bytes;

	memcpy(&bytes, value, sizeof(bytes));
	if (bytes == 0)
		buf_adds(out, "off");
	else
		buf_addf(out, "%lluB/s", (unsigned long long)bytes);
}

const struct opt_grammar sim_bandwidth_grammar = { sizeof(uint64_t),
	parse_bandwidth, format_bandwidth, NULL };
