/* SPDX-License-Identifier: MIT */
/*
 * sim_framing: a body in aws-chunked, whose framing is taken off and whose
 * bytes are held to the checksums in its trailers.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/object.h"
#include "sim/operations.h"
#include "sim/xml_body.h"
#include "src/base/buf.h"
#include "src/base/mem.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "sim_framing";

enum { BODY_MAX = 1024 * 1024, TRAILERS_MAX = 16 * 1024 };

static const char *
find_header(const void *from, const char *name)
{
	(void)from;
	return strcasecmp(name, "x-amz-content-sha256") == 0
	    ? "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
	    : NULL;
}

/* What was taken off is put on again, all bytes in one chunk. */
static void
frame(const struct buf *bytes, const struct buf *trailers, struct buf *out)
{
	const char *line = trailers->data, *end;

	if (bytes->len > 0)
		buf_addf(out, "%zx\r\n", bytes->len);
	buf_add(out, bytes->data, bytes->len);
	buf_adds(out, bytes->len > 0 ? "\r\n0\r\n" : "0\r\n");
	for (; *line != '\0'; line = end + 1) {
		end = strchr(line, '\n');
		buf_add(out, line, (size_t)(end - line));
		buf_adds(out, "\r\n");
	}
	buf_adds(out, "\r\n");
}

static void
is_found_again(const struct buf *bytes, const struct buf *trailers)
{
	struct buf framed, bytes2, trailers2;

	buf_init(&framed, 2 * BODY_MAX);
	buf_init(&bytes2, BODY_MAX);
	buf_init(&trailers2, TRAILERS_MAX);
	frame(bytes, trailers, &framed);
	LAW(xml_body_unframe(framed.data, framed.len, &bytes2, &trailers2) ==
		NULL,
	    "what was taken off can be put on again");
	LAW(bytes2.len == bytes->len &&
		memcmp(bytes2.data, bytes->data, bytes->len) == 0,
	    "the bytes are the same then");
	LAW(strcmp(trailers2.data, trailers->data) == 0,
	    "and so are the trailers");
	buf_release(&framed);
	buf_release(&bytes2);
	buf_release(&trailers2);
}

static void
check_read(const char *data, size_t n, const struct buf *bytes)
{
	struct ask ask = { .headers = { find_header, NULL, NULL },
		.body = data,
		.body_len = n };
	struct payload *payload;
	enum xml_error error;
	struct buf why;

	buf_init(&why, TRAILERS_MAX);
	payload = xml_body_read(&ask, &error, &why);
	LAW((payload != NULL) == (why.len == 0), "a refusal says why");
	LAW(payload == NULL ||
		(bytes != NULL && payload->size == bytes->len &&
		    memcmp(payload->bytes, bytes->data, bytes->len) == 0),
	    "what is stored is what was in the framing");
	payload_free(payload);
	buf_release(&why);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf bytes, trailers;
	char *body = mem_strndup((const char *)data, n);
	bool is_framed;

	buf_init(&bytes, BODY_MAX);
	buf_init(&trailers, TRAILERS_MAX);
	is_framed = xml_body_unframe(body, n, &bytes, &trailers) == NULL;
	if (is_framed) {
		LAW(strlen(trailers.data) == trailers.len &&
			(trailers.len == 0 ||
			    trailers.data[trailers.len - 1] == '\n'),
		    "trailers are lines of text");
		LAW(bytes.len + trailers.len < n, "nothing is added");
		is_found_again(&bytes, &trailers);
	}
	check_read(body, n, is_framed ? &bytes : NULL);
	buf_release(&bytes);
	buf_release(&trailers);
	free(body);
	return 0;
}
