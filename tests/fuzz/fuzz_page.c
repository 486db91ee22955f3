/* SPDX-License-Identifier: MIT */
/*
 * page: the body of an answer, read as a page of a listing, as the resource of
 * an upload and as an excuse.
 */
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/gcs/excuse.h"
#include "src/gcs/page.h"
#include "src/storage/storage.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "page";

#define PREFIX "docker/registry/v2/"
#define TOKEN  "t0"

/* The shortest item: {"name":"a","generation":"1","size":"0"} and a comma. */
enum { ITEM_MIN = 40 };

static void
check_object(const struct storage_page *page, size_t i, const char *prefix)
{
	const struct storage_object *o = &page->objects.v[i];

	LAW(storage_name_fault(o->name) == NULL, "a listed name is legal");
	LAW(str_starts(o->name, prefix), "a listed name is below the prefix");
	LAW(o->generation != 0, "a generation is above 0");
	LAW(i == 0 || strcmp(page->objects.v[i - 1].name, o->name) < 0,
	    "names ascend strictly");
}

static bool
is_same(const struct storage_page *a, const struct storage_page *b)
{
	size_t i;

	if (a->objects.n != b->objects.n ||
	    strcmp(a->next.data, b->next.data) != 0)
		return false;
	for (i = 0; i < a->objects.n; i++) {
		const struct storage_object *x = &a->objects.v[i];
		const struct storage_object *y = &b->objects.v[i];

		if (strcmp(x->name, y->name) != 0 ||
		    x->generation != y->generation || x->size != y->size ||
		    x->created_us != y->created_us)
			return false;
	}
	return true;
}

static int
parse(struct storage_op *op, const char *text, size_t n, const char *prefix,
    const char *token)
{
	struct gcs_listing asked = { "demo", prefix, token, "", "" };
	struct err err = ERR_INIT;
	int rc;

	storage_ask_list(op, prefix, token);
	rc = gcs_page_parse(text, n, &asked, &op->page, &err);
	if (rc != 0)
		fuzz_is_refusal(&err, ERR_PROTOCOL);
	return rc;
}

/* A page without its last brace is one that was cut. */
static void
check_cut(struct storage_op *op, const char *text, size_t n)
{
	char *copy;

	while (n > 0 && strchr(" \t\r\n", text[n - 1]) != NULL)
		n--;
	LAW(n >= 2, "a page is at least {}");
	copy = mem_strndup(text, n - 1);
	LAW(parse(op, copy, n - 1, PREFIX, TOKEN) != 0,
	    "a page that was cut is refused");
	free(copy);
}

static void
check_page(const char *text, size_t n)
{
	struct storage_op op, again;
	size_t i;

	storage_op_init(&op);
	storage_op_init(&again);
	if (parse(&op, text, n, PREFIX, TOKEN) == 0) {
		LAW(op.page.objects.n <= n / ITEM_MIN,
		    "no object comes from nothing");
		LAW(strcmp(op.page.next.data, TOKEN) != 0,
		    "the next page is another one");
		for (i = 0; i < op.page.objects.n; i++)
			check_object(&op.page, i, PREFIX);
		LAW(parse(&again, text, n, PREFIX, TOKEN) == 0 &&
			is_same(&op.page, &again.page),
		    "the same bytes are the same page");
		LAW(parse(&again, text, n, "", TOKEN) == 0 &&
			is_same(&op.page, &again.page),
		    "what is below a prefix is below none");
		check_cut(&again, text, n);
	}
	storage_op_release(&op);
	storage_op_release(&again);
}

static void
check_generation(const char *text, size_t n)
{
	struct err err = ERR_INIT;
	uint64_t generation = 0;

	if (gcs_generation_parse(text, n, &generation, &err) == 0)
		LAW(generation != 0, "what was stored has a generation");
	else
		fuzz_is_refusal(&err, ERR_PROTOCOL);
}

static void
is_line(const char *text, size_t size)
{
	const char *c;

	LAW(memchr(text, '\0', size) != NULL, "an excuse ends in its buffer");
	for (c = text; *c != '\0'; c++)
		LAW((unsigned char)*c >= ' ' && *c != 0x7f,
		    "an excuse is one line without control characters");
}

static void
check_excuse(const char *text, size_t n)
{
	struct gcs_excuse excuse;

	memset(&excuse, 'x', sizeof(excuse));
	gcs_excuse_parse(text, n, &excuse);
	is_line(excuse.reason, sizeof(excuse.reason));
	is_line(excuse.message, sizeof(excuse.message));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *text = (const char *)data;

	check_page(text, n);
	check_generation(text, n);
	check_excuse(text, n);
	return 0;
}
