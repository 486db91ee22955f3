/* SPDX-License-Identifier: MIT */
/*
 * link: what a link's body says.  First the digest alone, against a reading
 * written down here a second time; then the whole mark over a small registry
 * in which the bytes are the body of a tag's current link and of a revision's:
 * damage keeps more, never less.
 */
#include <regex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/rng.h"
#include "src/registry/digest.h"
#include "src/registry/gc.h"
#include "src/storage/mem_store.h"
#include "src/storage/storage.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/scene.h"

const char fuzz_name[] = "link";

/* Longer links are not read (src/registry/mark.c). */
enum { LINK_MAX = 256 };

/* A mark takes a hundred times as long as a digest, so only one input in this
 * many, and every sound digest, is worth one. */
enum { MARK_SHARE = 32 };

/* Exactly one digest in lower case, nothing around it. */
static bool
is_digest(const char *bytes, size_t n)
{
	static regex_t re;
	static bool is_compiled;
	char s[256];

	if (!is_compiled) {
		LAW(regcomp(&re,
			"^(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}"
			"|sha512:[0-9a-f]{128})$",
			REG_EXTENDED | REG_NOSUB) == 0,
		    "the pattern compiles");
		is_compiled = true;
	}
	if (n >= sizeof(s) || memchr(bytes, '\0', n) != NULL)
		return false;
	snprintf(s, sizeof(s), "%.*s", (int)n, bytes);
	return regexec(&re, s, 0, NULL, 0) == 0;
}

static void
check_digest(const char *s, size_t n)
{
	struct digest d, token;
	struct buf out;
	size_t at = 0;
	int rc = digest_parse(s, n, &d);

	LAW((rc == 0) == is_digest(s, n), "a digest is one of the grammar");
	if (rc != 0)
		return;
	buf_init(&out, 256);
	digest_format(&d, &out);
	LAW(out.len == n && memcmp(out.data, s, n) == 0,
	    "a digest is written back to the same bytes");
	LAW(digest_next_token(s, n, &at, &token) && at == n &&
		digest_equal(&d, &token),
	    "a digest is a token of itself");
	buf_release(&out);
}

static void
check_tokens(const char *s, size_t n)
{
	struct digest d, same;
	struct buf out;
	size_t at = 0, before = 0, i;

	buf_init(&out, 256);
	while (digest_next_token(s, n, &at, &d)) {
		LAW(at > before && at <= n, "tokens go forward");
		buf_clear(&out);
		digest_format(&d, &out);
		LAW(out.len <= at - before, "tokens do not overlap");
		for (i = 0; i < out.len; i++) {
			char c = s[at - out.len + i];

			LAW(out.data[i] == c ||
				(c >= 'A' && c <= 'F' &&
				    out.data[i] == c - 'A' + 'a'),
			    "a token is what stands there");
		}
		LAW(digest_parse(out.data, out.len, &same) == 0 &&
			digest_equal(&d, &same),
		    "a token is a digest");
		before = at;
	}
	LAW(at == n, "the search goes to the end");
	buf_release(&out);
}

/* --- the mark --- */

/* Three images: "live" by a sound tag, "asked" by the tag under test, "other"
 * by none. */
struct world {
	struct storage *mem;
	struct image live, asked, other;
};

static void
world_init(struct world *w, const char *body, bool is_revision)
{
	w->mem = mem_store_new(1);
	scene_image(w->mem, "a", "live", "live", &w->live);
	scene_image(w->mem, "a", "asked", "asked", &w->asked);
	scene_image(w->mem, "a", NULL, "other", &w->other);
	if (is_revision)
		scene_put(w->mem, body,
		    "repositories/a/_manifests/revisions/sha256/%s/link",
		    scene_hex(&w->asked.manifest));
	else
		scene_put(w->mem, body,
		    "repositories/a/_manifests/tags/asked/current/link");
}

/* Is this name among what the plan would delete? */
static bool
is_victim(const struct gc *gc, const char *hex)
{
	enum plan_section section;
	struct err err = ERR_INIT;
	uint64_t generation;
	struct buf name;
	bool found = false;
	size_t i;

	buf_init(&name, 4096);
	for (section = PLAN_TAGS; section <= PLAN_BLOBS; section++) {
		for (i = 0; i < gc->plan.victims[section].n; i++) {
			LAW(plan_victim(&gc->plan, &gc->mark.inv, section, i,
				&name, &generation, &err) == 0,
			    "every victim passes the guard");
			found = found || strstr(name.data, hex) != NULL;
		}
	}
	buf_release(&name);
	return found;
}

static bool
is_image_kept(const struct gc *gc, const struct image *image)
{
	return !is_victim(gc, scene_hex(&image->manifest)) &&
	    !is_victim(gc, scene_hex(&image->config)) &&
	    !is_victim(gc, scene_hex(&image->layer));
}

static void
check_plan(const struct world *w, const struct gc *gc, const char *body,
    bool is_revision)
{
	bool is_sound = is_digest(body, strlen(body));
	bool is_asked = is_sound && strcmp(body, w->asked.manifest.s) == 0;
	bool is_other = is_sound && strcmp(body, w->other.manifest.s) == 0;

	LAW(is_image_kept(gc, &w->live), "what a sound tag names is kept");
	if (is_revision || is_asked || !is_sound)
		LAW(is_image_kept(gc, &w->asked),
		    "what a link may have named is kept");
	if (is_other || (!is_revision && !is_sound))
		LAW(is_image_kept(gc, &w->other),
		    "a bad tag keeps its repository, a good one its image");
	if (!is_asked)
		LAW(gc->mark.damages.n > 0 || (is_sound && !is_revision),
		    "damage is told");
}

static void
check_mark(const char *body, bool is_revision)
{
	struct gc_opts opts = { .root = "",
		.mark = { .delete_untagged = true, .width = 8 },
		.sweep = { .strategy = SWEEP_DELETE, .width = 8 },
		.guards = { .max_delete = GUARD_LIMIT_NONE } };
	struct err err = ERR_INIT;
	struct world w;
	struct gc gc;

	world_init(&w, body, is_revision);
	LAW(gc_init(&gc, &opts, &err) == 0, "an empty root is one");
	if (strlen(body) > LINK_MAX) {
		LAW(gc_plan(&gc, w.mem, &err) == -1,
		    "what is too long to be a link ends the mark");
		fuzz_is_refusal(&err, ERR_PROTOCOL);
	} else {
		LAW(gc_plan(&gc, w.mem, &err) == 0,
		    "no link's body ends the mark");
		check_plan(&w, &gc, body, is_revision);
	}
	gc_release(&gc);
	storage_close(w.mem);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *body = fuzz_string(data, n);

	check_digest((const char *)data, n);
	check_tokens((const char *)data, n);
	if (is_digest(body, strlen(body)) ||
	    rng_hash(data, n, 0) % MARK_SHARE == 0) {
		check_mark(body, false);
		check_mark(body, true);
	}
	free(body);
	return 0;
}
