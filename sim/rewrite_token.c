/* SPDX-License-Identifier: MIT */
/* Sixteen bytes in base64: what is done, and a hash over that and over all that
 * must stay the same. */
#include "sim/rewrite_token.h"

#include <string.h>

#include "sim/base64.h"
#include "sim/routes.h"
#include "src/base/buf.h"
#include "src/base/rng.h"

enum { TOKEN = 2 * sizeof(uint64_t), TEXT_MAX = 64 };

static uint64_t
hash(const struct rewrite *r, uint64_t done)
{
	const struct route *route = r->route;
	uint64_t h = rng_hash(&done, sizeof(done), r->generation);

	h = rng_hash(route->source_bucket.data, route->source_bucket.len, h);
	h = rng_hash(route->source_name.data, route->source_name.len, h);
	h = rng_hash(route->bucket.data, route->bucket.len, h);
	h = rng_hash(route->name.data, route->name.len, h);
	return rng_hash(&r->step, sizeof(r->step), h);
}

void
rewrite_token_add(const struct rewrite *r, uint64_t done, struct buf *out)
{
	uint64_t token[2] = { done, hash(r, done) };

	base64_url_add(out, token, sizeof(token));
}

int
rewrite_token_parse(const struct rewrite *r, const char *text, size_t n,
    uint64_t *done)
{
	uint64_t token[2];
	struct buf bytes;
	int rc = -1;

	buf_init(&bytes, TEXT_MAX);
	if (base64_url_parse(&bytes, text, n) == 0 && bytes.len == TOKEN) {
		memcpy(token, bytes.data, TOKEN);
		if (token[1] == hash(r, token[0])) {
			*done = token[0];
			rc = 0;
		}
	}
	buf_release(&bytes);
	return rc;
}
