/* SPDX-License-Identifier: MIT */
/* sim_range: the value of a Range header, and of a Content-Range. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/range.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "sim_range";

enum { TEXT_MAX = 100 };

static void
check_range(const char *text, uint64_t size)
{
	uint64_t offset = 7, n = 7, offset2, n2;
	char again[TEXT_MAX];

	switch (range_parse(text, size, &offset, &n)) {
	case RANGE_WHOLE:
		break;
	case RANGE_BEYOND:
		LAW(strncasecmp(text, "bytes=", 6) == 0,
		    "only a range is beyond the end");
		break;
	case RANGE_PART:
		LAW(n > 0 && offset < size && n <= size - offset,
		    "a part has bytes, and all of them are there");
		snprintf(again, sizeof(again), "bytes=%" PRIu64 "-%" PRIu64,
		    offset, offset + n - 1);
		LAW(range_parse(again, size, &offset2, &n2) == RANGE_PART &&
			offset2 == offset && n2 == n,
		    "the part that was found is found again");
		break;
	}
}

static void
add_size(char *text, bool has, uint64_t v)
{
	size_t n = strlen(text);

	if (has)
		snprintf(text + n, TEXT_MAX - n, "%" PRIu64, v);
	else
		snprintf(text + n, TEXT_MAX - n, "*");
}

static void
check_content_range(const char *text)
{
	char again[TEXT_MAX] = "bytes ";
	struct content_range r, r2;

	if (content_range_parse(text, &r) != 0)
		return;
	LAW(r.first <= INT64_MAX && r.last <= INT64_MAX && r.total <= INT64_MAX,
	    "sizes have 63 bits");
	LAW(!r.has_last || r.first <= r.last, "a range does not end before");
	LAW(!r.has_last || !r.has_total || r.last < r.total,
	    "a range is within the whole");
	LAW(r.has_bytes || !r.has_last, "what brings no bytes has no last");
	add_size(again, r.has_bytes, r.first);
	if (r.has_bytes) {
		strcat(again, "-");
		add_size(again, r.has_last, r.last);
	}
	strcat(again, "/");
	add_size(again, r.has_total, r.total);
	LAW(content_range_parse(again, &r2) == 0 && r2.first == r.first &&
		r2.last == r.last && r2.total == r.total &&
		r2.has_bytes == r.has_bytes && r2.has_last == r.has_last &&
		r2.has_total == r.has_total,
	    "what was read and is written is read as the same");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const uint64_t sizes[] = { 0, 1, 10, 1 << 20, INT64_MAX,
		UINT64_MAX };
	char *text = fuzz_string(data, n);
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		check_range(text, sizes[i]);
	check_content_range(text);
	free(text);
	return 0;
}
