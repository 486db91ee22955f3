/* SPDX-License-Identifier: MIT */
/* manifest: whatever a registry could read out of the bytes is found, in every
 * kind of manifest and in every spelling; what is no JSON object is told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/rng.h"
#include "src/registry/manifest.h"
#include "tests/support/maker.h"
#include "tests/support/suite.h"

/* Text with "@a" ... "@z" standing for 26 digests. */
static const char *
expand(const char *text)
{
	static struct buf out;
	static bool has_begun;
	int i;

	if (!has_begun)
		buf_init(&out, 8 * 1024 * 1024);
	has_begun = true;
	buf_clear(&out);
	for (; *text != '\0'; text++) {
		if (text[0] != '@') {
			buf_addc(&out, *text);
			continue;
		}
		buf_adds(&out, "sha256:");
		text++;
		for (i = 0; i < 32; i++)
			buf_addf(&out, "%02x", (unsigned)(*text + i) & 255);
	}
	return out.data;
}

static bool
is_letter(const struct digest *d, char letter)
{
	return d->alg == DIGEST_SHA256 && d->raw[0] == (uint8_t)letter &&
	    d->raw[31] == (uint8_t)(letter + 31);
}

static bool
has(const struct digest *v, size_t n, char letter)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (is_letter(&v[i], letter))
			return true;
	}
	return false;
}

/* names and children: letters that must be there, and nothing else. */
static void
expect(const char *text, int rc, enum manifest_kind kind, const char *names,
    const char *children, char subject)
{
	const char *json = expand(text);
	struct err err = ERR_INIT;
	struct manifest m;
	char c;

	manifest_init(&m);
	ck_assert_msg(manifest_parse(&m, json, strlen(json), &err) == rc,
	    "%s: %s", text, err.text);
	ck_assert_int_eq(err.code, rc == 0 ? ERR_NONE : ERR_CORRUPT);
	ck_assert_msg(m.kind == kind, "%s: kind %d", text, m.kind);
	for (c = 'a'; c <= 'z'; c++) {
		ck_assert_msg(has(m.names.v, m.names.n, c) ==
			(strchr(names, c) != NULL),
		    "%s: name %c", text, c);
		ck_assert_msg(has(m.children.v, m.children.n, c) ==
			(strchr(children, c) != NULL),
		    "%s: child %c", text, c);
	}
	ck_assert_msg(m.has_subject == (subject != 0), "%s: subject", text);
	if (subject != 0)
		ck_assert(is_letter(&m.subject, subject));
	manifest_release(&m);
}

#define DOCKER "application/vnd.docker.distribution.manifest."
#define OCI    "application/vnd.oci.image."

START_TEST(every_kind_of_manifest_tells_what_it_names)
{
	expect("{\"schemaVersion\":1,\"fsLayers\":[{\"blobSum\":\"@a\"},"
	       "{\"blobSum\":\"@b\"}],\"history\":[{\"v1Compatibility\":"
	       "\"{\\\"parent\\\":\\\"@c\\\"}\"}],\"signatures\":[{}]}",
	    0, MANIFEST_SCHEMA1, "abc", "", 0);
	expect("{\"schemaVersion\":2,\"mediaType\":\"" DOCKER "v2+json\","
	       "\"config\":{\"digest\":\"@a\"},\"layers\":[{\"digest\":\"@b\"},"
	       "{\"mediaType\":\"application/vnd.docker.image.rootfs.foreign."
	       "diff.tar.gzip\",\"digest\":\"@c\",\"urls\":[\"http://x\"]}]}",
	    0, MANIFEST_IMAGE, "abc", "", 0);
	expect("{\"schemaVersion\":2,\"mediaType\":\"" OCI "manifest.v1+json\","
	       "\"config\":{\"digest\":\"@a\"},\"layers\":[],"
	       "\"subject\":{\"digest\":\"@s\"},"
	       "\"annotations\":{\"org.opencontainers.image.base.digest\":"
	       "\"@b\"}}",
	    0, MANIFEST_IMAGE, "abs", "", 's');
	expect("{\"schemaVersion\":2,\"mediaType\":\"" DOCKER "list.v2+json\","
	       "\"manifests\":[{\"digest\":\"@a\"},{\"digest\":\"@b\"}]}",
	    0, MANIFEST_INDEX, "ab", "ab", 0);
	expect(
	    "{\"schemaVersion\":2,\"mediaType\":\"" OCI "index.v1+json\","
	    "\"manifests\":[{\"digest\":\"@a\",\"annotations\":{\"vnd.docker."
	    "reference.digest\":\"@b\"}}],\"subject\":{\"digest\":\"@c\"}}",
	    0, MANIFEST_INDEX, "abc", "a", 'c');
	expect("{\"schemaVersion\":2,\"manifests\":[]}", 0, MANIFEST_INDEX, "",
	    "", 0);
	expect("{\"schemaVersion\":2,\"mediaType\":\"\",\"layers\":[]}", 0,
	    MANIFEST_IMAGE, "", "", 0);
}
END_TEST

START_TEST(unknown_kinds_keep_all_that_they_name)
{
	expect("{}", 0, MANIFEST_UNKNOWN, "", "", 0);
	expect("{\"schemaVersion\":3,\"x\":[[[\"@a\"]]]}", 0, MANIFEST_UNKNOWN,
	    "a", "", 0);
	expect("{\"schemaVersion\":\"2\",\"layers\":[\"@a\"]}", 0,
	    MANIFEST_UNKNOWN, "a", "", 0);
	expect("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci."
	       "artifact.manifest.v1+json\",\"blobs\":[{\"digest\":\"@a\"}],"
	       "\"subject\":{\"digest\":\"@b\"}}",
	    0, MANIFEST_UNKNOWN, "ab", "", 'b');
	expect("{\"@a\":1}", 0, MANIFEST_UNKNOWN, "a", "", 0);
	expect("{\"x\":\"@a@b text @c\"}", 0, MANIFEST_UNKNOWN, "abc", "", 0);
}
END_TEST

START_TEST(mistyped_members_hide_nothing)
{
	expect("{\"schemaVersion\":2,\"manifests\":{\"digest\":\"@a\"}}", 0,
	    MANIFEST_IMAGE, "a", "", 0);
	expect("{\"schemaVersion\":2,\"manifests\":[null,7,\"@a\",[],"
	       "{\"digest\":[\"@b\"]},{\"digest\":\"@c\"}]}",
	    0, MANIFEST_INDEX, "abc", "c", 0);
	expect("{\"schemaVersion\":2,\"subject\":\"@a\",\"config\":\"@b\"}", 0,
	    MANIFEST_IMAGE, "ab", "", 0);
	expect("{\"schemaVersion\":2,\"subject\":{\"digest\":\"sha256:1\"}}", 0,
	    MANIFEST_IMAGE, "", "", 0);
}
END_TEST

/* Go matches names in any case, and of duplicates the last one wins. */
START_TEST(odd_cased_and_duplicate_keys_are_read_as_go_reads_them)
{
	expect("{\"SCHEMAVERSION\":2,\"Manifests\":[{\"DIGEST\":\"@a\"}]}", 0,
	    MANIFEST_INDEX, "a", "a", 0);
	expect("{\"schemaVersion\":2,\"Subject\":{\"Digest\":\"@a\"}}", 0,
	    MANIFEST_IMAGE, "a", "", 'a');
	expect("{\"schemaVersion\":1,\"schemaVersion\":2,"
	       "\"layers\":[{\"digest\":\"@a\"}],"
	       "\"layers\":[{\"digest\":\"@b\"}]}",
	    0, MANIFEST_IMAGE, "ab", "", 0);
	expect("{\"schemaVersion\":2,\"config\":{\"digest\":\"@a\","
	       "\"digest\":\"@b\"},\"Config\":{\"digest\":\"@c\"}}",
	    0, MANIFEST_IMAGE, "abc", "", 0);
	expect("{\"schemaVersion\":2,\"subject\":{\"digest\":\"@a\"},"
	       "\"SUBJECT\":{\"digest\":\"@b\"}}",
	    0, MANIFEST_IMAGE, "ab", "", 'b');
}
END_TEST

/* needs: letters, in order. */
static void
expect_needs(const char *text, const char *needs)
{
	const char *json = expand(text);
	struct err err = ERR_INIT;
	struct manifest m;
	size_t i;

	manifest_init(&m);
	ck_assert_int_eq(manifest_parse(&m, json, strlen(json), &err), 0);
	ck_assert_msg(m.needs.n == strlen(needs), "%s: %zu needs", text,
	    m.needs.n);
	for (i = 0; i < m.needs.n; i++)
		ck_assert_msg(is_letter(&m.needs.v[i], needs[i]), "%s: need %c",
		    text, needs[i]);
	/* A second text leaves nothing of the first. */
	ck_assert_int_eq(manifest_parse(&m, "{}", 2, &err), 0);
	ck_assert_uint_eq(m.needs.n, 0);
	manifest_release(&m);
}

START_TEST(an_image_needs_its_config_and_the_layers_that_are_stored_here)
{
	expect_needs("{\"schemaVersion\":2,\"config\":{\"digest\":\"@a\"},"
		     "\"layers\":[{\"digest\":\"@b\"},{\"digest\":\"@b\"}],"
		     "\"annotations\":{\"x\":\"@c\"},"
		     "\"subject\":{\"digest\":\"@s\"}}",
	    "abb");
	expect_needs("{\"schemaVersion\":1,\"fsLayers\":[{\"blobSum\":\"@a\"},"
		     "{\"BLOBSUM\":\"@b\"}],\"layers\":[{\"digest\":\"@c\"}]}",
	    "ab");
	expect_needs("{\"SchemaVersion\":2,\"CONFIG\":{\"Digest\":\"@a\"},"
		     "\"Layers\":[{\"DIGEST\":\"@b\"}],"
		     "\"layers\":[{\"digest\":\"@c\",\"Digest\":\"@d\"}]}",
	    "abcd");
	expect_needs("{\"schemaVersion\":2,\"config\":{\"digest\":\"@a\"},"
		     "\"config\":{\"digest\":\"@b\"}}",
	    "b");
}
END_TEST

START_TEST(foreign_layers_indexes_and_unknown_kinds_need_nothing)
{
	expect_needs("{\"schemaVersion\":2,\"layers\":["
		     "{\"digest\":\"@a\",\"urls\":[\"http://x\"]},"
		     "{\"digest\":\"@b\",\"URLs\":[\"http://x\"],\"urls\":[]},"
		     "{\"digest\":\"@c\",\"mediaType\":\"application/vnd."
		     "docker.image.rootfs.foreign.diff.tar.gzip\"},"
		     "{\"digest\":\"@d\",\"mediatype\":\"application/vnd."
		     "oci.image.layer.nondistributable.v1.tar+gzip\"},"
		     "{\"digest\":\"@e\",\"urls\":[],\"mediaType\":7},"
		     "{\"digest\":\"@f\",\"urls\":null}]}",
	    "ef");
	expect_needs("{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"@a\"}],"
		     "\"config\":{\"digest\":\"@b\"}}",
	    "");
	expect_needs("{\"schemaVersion\":3,\"config\":{\"digest\":\"@b\"}}",
	    "");
	expect_needs("{\"schemaVersion\":2,\"config\":\"@a\",\"layers\":"
		     "{\"digest\":\"@b\"}}",
	    "");
	expect_needs("{\"schemaVersion\":2,\"config\":[{\"digest\":\"@a\"}],"
		     "\"layers\":[\"@b\",null,[{\"digest\":\"@c\"}],"
		     "{\"digest\":\"sha256:1\"},{\"digest\":{}}]}",
	    "");
}
END_TEST

/* The same digest with one character written as an escape, at every place. */
START_TEST(an_escape_anywhere_in_a_digest_hides_nothing)
{
	const char *plain = expand("@q");
	char digest[80], text[512];
	size_t i, n = strlen(plain);

	memcpy(digest, plain, n + 1);
	for (i = 0; i < 2 * n; i++) {
		snprintf(text, sizeof(text),
		    i & 1 ? "{\"schemaVersion\":2,\"manifests\":[{\"digest\":"
			    "\"%.*s\\u%04x%s\"}]}"
			  : "{\"schemaVersion\":2,\"manifests\":[{\"digest\":"
			    "\"%.*s\\u%04X%s\"}]}",
		    (int)(i / 2), digest, (unsigned)digest[i / 2],
		    digest + i / 2 + 1);
		expect(text, 0, MANIFEST_INDEX, "q", "q", 0);
	}
}
END_TEST

START_TEST(what_only_looks_like_an_escape_makes_no_digest)
{
	char text[512], plain[80];

	snprintf(plain, sizeof(plain), "%s", expand("@q"));
	/* Two backslashes: a backslash, then the letters u0073. */
	snprintf(text, sizeof(text), "{\"a\":\"\\\\u0073%s\"}", plain + 1);
	expect(text, 0, MANIFEST_UNKNOWN, "", "", 0);
	snprintf(text, sizeof(text), "{\"a\":\"\\\\\\u0073%s\"}", plain + 1);
	expect(text, 0, MANIFEST_UNKNOWN, "q", "", 0);
	snprintf(text, sizeof(text), "{\"a\":\"\\n%s\\t\"}", plain);
	expect(text, 0, MANIFEST_UNKNOWN, "q", "", 0);
	snprintf(text, sizeof(text), "{\"\\u0041\\/\":\"\\u0000%s\"}", plain);
	expect(text, 0, MANIFEST_UNKNOWN, "q", "", 0);
}
END_TEST

START_TEST(other_algorithms_count_too)
{
	char text[600], hex[129];
	struct err err = ERR_INIT;
	struct manifest m;

	memset(hex, 'A', 128);
	hex[128] = '\0';
	snprintf(text, sizeof(text),
	    "{\"a\":\"sha512:%s\",\"b\":\"sha384:%.96s\",\"c\":\"md5:%.32s\"}",
	    hex, hex, hex);
	manifest_init(&m);
	ck_assert_int_eq(manifest_parse(&m, text, strlen(text), &err), 0);
	ck_assert_uint_eq(m.names.n, 2);
	ck_assert_uint_eq(m.names.v[0].alg, DIGEST_SHA512);
	ck_assert_uint_eq(m.names.v[1].alg, DIGEST_SHA384);
	ck_assert_uint_eq(m.names.v[1].raw[47], 0xaa);
	manifest_release(&m);
}
END_TEST

START_TEST(what_is_no_json_object_is_told_and_still_searched)
{
	static const char *const texts[] = { "@a", "[\"@a\"]", "\"@a\"",
		"{\"x\":\"@a\"", "{\"x\":\"@a\"}}", "{\"x\":\"@a\"} x",
		"{\"x\":\"@a\",}", "{'x':'@a'}", "{\"x\":\"@a\"}{}",
		"{\"x\":\"@a\n\"}", "\xef\xbb\xbf{\"x\":\"@a\"}",
		"{\"x\":\"@a\\\"", "// @a\n{}", "{\"x\":\"@a\xff\"}" };
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		expect(texts[i], -1, MANIFEST_NONE, "a", "", 0);
	expect("", -1, MANIFEST_NONE, "", "", 0);
	expect("null", -1, MANIFEST_NONE, "", "", 0);
	expect("7", -1, MANIFEST_NONE, "", "", 0);
}
END_TEST

START_TEST(a_nul_byte_is_no_json)
{
	const char *inner = expand("{\"x\":\"@a\"}");
	size_t n = strlen(inner);
	struct err err = ERR_INIT;
	struct manifest m;
	char text[200];

	memcpy(text, inner, n + 1);
	manifest_init(&m);
	ck_assert_int_eq(manifest_parse(&m, text, n + 1, &err), -1);
	ck_assert_uint_eq(m.names.n, 1);
	text[1] = '\0';
	ck_assert_int_eq(manifest_parse(&m, text, n, &err), -1);
	ck_assert_uint_eq(m.names.n, 1);
	manifest_release(&m);
}
END_TEST

/* Every prefix of a manifest is refused, and names no more than the whole. */
START_TEST(every_truncation_is_refused)
{
	const char *json = expand(
	    "{\"schemaVersion\":2,\"config\":{\"digest\":\"@a\"},\"layers\":"
	    "[{\"digest\":\"@b\"},{\"digest\":\"\\u0073ha256:\"}]}\n");
	size_t n, size = strlen(json) - 1;
	struct err err = ERR_INIT;
	struct manifest m;
	char *copy;

	manifest_init(&m);
	for (n = 0; n < size; n++) {
		copy = malloc(n ? n : 1); /* so that one byte more is seen */
		ck_assert_ptr_nonnull(copy);
		memcpy(copy, json, n);
		ck_assert_int_eq(manifest_parse(&m, copy, n, &err), -1);
		ck_assert_uint_le(m.names.n, 2);
		free(copy);
	}
	ck_assert_int_eq(manifest_parse(&m, json, size, &err), 0);
	ck_assert_int_eq(manifest_parse(&m, json, size + 1, &err), 0);
	manifest_release(&m);
}
END_TEST

START_TEST(nesting_without_end_is_refused_and_does_no_harm)
{
	enum { DEEP = 1000000 };
	struct err err = ERR_INIT;
	struct manifest m;
	char *text = malloc(DEEP + 8);

	ck_assert_ptr_nonnull(text);
	memcpy(text, "{\"x\":", 5);
	memset(text + 5, '[', DEEP);
	manifest_init(&m);
	ck_assert_int_eq(manifest_parse(&m, text, DEEP + 5, &err), -1);
	ck_assert_int_eq(err.code, ERR_CORRUPT);
	manifest_release(&m);
	free(text);
}
END_TEST

START_TEST(four_mebibytes_of_digests_are_all_found)
{
	struct err err = ERR_INIT;
	struct manifest m;
	struct buf text;
	size_t n = 0;

	buf_init(&text, MANIFEST_MAX);
	buf_adds(&text, "{\"schemaVersion\":2,\"manifests\":[");
	while (text.len + 100 < MANIFEST_MAX)
		buf_addf(&text, "%s{\"digest\":\"sha256:%064zx\"}",
		    n ? "," : "", n),
		    n++;
	buf_adds(&text, "]}");
	ck_assert(!text.full);
	manifest_init(&m);
	ck_assert_int_eq(manifest_parse(&m, text.data, text.len, &err), 0);
	ck_assert_uint_eq(m.names.n, n);
	ck_assert_uint_eq(m.children.n, n);
	ck_assert_uint_gt(n, 40000);
	/* Used again, it remembers nothing. */
	ck_assert_int_eq(manifest_parse(&m, "{}", 2, &err), 0);
	ck_assert_uint_eq(m.names.n + m.children.n, 0);
	ck_assert_int_eq(m.kind, MANIFEST_UNKNOWN);
	manifest_release(&m);
	buf_release(&text);
}
END_TEST

/* A scanner of this test's own: the text, unescaped the slow way, is searched
 * for each digest that the maker's registries hold. */
START_TEST(random_damage_never_hides_a_digest_that_is_still_spelled_out)
{
	uint64_t seed;
	size_t i, k, n;

	for (seed = 0; seed < 100; seed++) {
		struct maker *r = maker_new(seed, 1);
		struct rng rng;

		rng_init(&rng, seed);
		for (i = 0; i < maker_count(r); i++) {
			const char *bytes = maker_bytes(r, i, &n);
			struct err err = ERR_INIT;
			struct manifest m;
			size_t want = 0;
			char copy[8192];

			if (bytes[0] != '{')
				continue;
			memcpy(copy, bytes, n);
			copy[n] = '\0';
			for (k = rng_below(&rng, 4); k > 0; k--)
				copy[rng_below(&rng, n)] = (char)(' ' +
				    rng_below(&rng, 95));
			for (k = 0; k + 71 <= n; k++)
				want += strncmp(copy + k, "sha256:", 7) == 0 &&
				    strspn(copy + k + 7,
					"0123456789abcdefABCDEF") >= 64;
			manifest_init(&m);
			(void)!manifest_parse(&m, copy, n, &err);
			ck_assert_uint_ge(m.names.n, want);
			manifest_release(&m);
		}
		maker_free(r);
	}
}
END_TEST

int
main(void)
{
	return suite_run("manifest", every_kind_of_manifest_tells_what_it_names,
	    unknown_kinds_keep_all_that_they_name,
	    mistyped_members_hide_nothing,
	    odd_cased_and_duplicate_keys_are_read_as_go_reads_them,
	    an_image_needs_its_config_and_the_layers_that_are_stored_here,
	    foreign_layers_indexes_and_unknown_kinds_need_nothing,
	    an_escape_anywhere_in_a_digest_hides_nothing,
	    what_only_looks_like_an_escape_makes_no_digest,
	    other_algorithms_count_too,
	    what_is_no_json_object_is_told_and_still_searched,
	    a_nul_byte_is_no_json, every_truncation_is_refused,
	    nesting_without_end_is_refused_and_does_no_harm,
	    four_mebibytes_of_digests_are_all_found,
	    random_damage_never_hides_a_digest_that_is_still_spelled_out, NULL);
}
