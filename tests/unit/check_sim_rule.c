/* SPDX-License-Identifier: MIT */
/* rule: one line of text is a rule, or is refused by what is wrong with it. */
#include "sim/rule.h"

#include <stdio.h>
#include <string.h>

#include "sim/method.h"
#include "sim/routes.h"
#include "sim/xml_route.h"
#include "src/base/buf.h"
#include "tests/support/suite.h"

static struct rule *
parse(const char *text)
{
	struct err err = ERR_INIT;
	struct rule *r = rule_parse(text, strlen(text), &err);

	ck_assert_msg(r != NULL, "%s: %s", text, err.text);
	return r;
}

START_TEST(a_rule_is_written_as_it_is_read)
{
	static const struct {
		const char *text;
		const char *again; /* NULL: the same */
	} rows[] = {
		{ "DELETE 503", NULL },
		{ " *\treset  ", "* reset" },
		{ "GET lost\r", "GET lost" },
		{ "storage.objects.* 429 retry-after=5s", NULL },
		{ "objects.{get,list} 500", NULL },
		{ "LIST cut end=reset at=1KiB", "LIST cut at=1024 end=reset" },
		{ "GET cut at=0 end=close", NULL },
		{ "GET stall for=1m", NULL },
		{ "GET stall at=64KiB for=1.5s",
		    "GET stall at=65536 for=1500ms" },
		{ "GET drip pace=1kB/s", "GET drip pace=1000B/s" },
		{ "LIST bad-json", NULL },
		{ "LIST page-token token=same", NULL },
		{ "BUCKET page-token token=bad", NULL },
		{ "* skew by=-5m", "* skew by=-5m" },
		{ "* skew by=1h", "* skew by=+1h" },
		{ "DELETE reset acted=yes", NULL },
		{ "DELETE 204 acted=no", NULL },
		{ "PUT 599 times=3 id=a.b_c-9", "PUT 599 id=a.b_c-9 times=3" },
		{ "PUT 503 after=256KiB", "PUT 503 after=262144" },
		{ "objects.insert reset after=0", NULL },
		{ "PUT 200 nth=3-3", "PUT 200 nth=3" },
		{ "PUT 500 nth=3-9 times=7", NULL },
		{ "PUT 500 every=2 times=1000000000", NULL },
		{ "GET 500 rate=0.5% turn=2 connection=1",
		    "GET 500 connection=1 turn=2 rate=0.5%" },
		{ "GET 500 rate=100.0%", "GET 500 rate=100%" },
		{ "GET 500 rate=0.0001%", NULL },
		{ "GET 500 rate=12.3050%", "GET 500 rate=12.305%" },
		{ "GET 500 from=1s until=1500ms", NULL },
		{ "GET 500 name=**/a%20%3B%25{x,y}=%C3%A4 bucket=d?mo",
		    "GET 500 bucket=d?mo name=**/a%20%3B%25{x,y}=%C3%A4" },
		{ "GET 500 name=ä%2f", "GET 500 name=%C3%A4/" },
		{ "OTHER 500 name=/batch**", NULL },
	};
	struct rule *r;
	struct buf text;
	size_t i;

	buf_init(&text, RULE_TEXT_MAX);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *want = rows[i].again != NULL ? rows[i].again
							 : rows[i].text;

		r = parse(rows[i].text);
		buf_clear(&text);
		rule_format(r, &text);
		rule_free(r);
		ck_assert_str_eq(text.data, want);
		r = parse(want);
		buf_clear(&text);
		rule_format(r, &text);
		rule_free(r);
		ck_assert_str_eq(text.data, want);
	}
	buf_release(&text);
}
END_TEST

START_TEST(what_is_no_rule_is_refused_by_its_word)
{
	static const struct {
		const char *text;
		const char *why;
	} rows[] = {
		{ "", "wants WHAT FAULT" },
		{ " \t", "wants WHAT FAULT" },
		{ "DELETE", "'DELETE' wants a fault behind it" },
		{ "delete 503", "DELETE is the nearest" },
		{ "GTE 503", "GET is the nearest" },
		{ "storage.objects.delte 503",
		    "storage.objects.delete is the nearest" },
		{ "objects.lst 503", "objects.list is the nearest" },
		{ "storage.objetcs.* 503", "'storage.objetcs.*'" },
		{ "[ 503", "'[': want LIST, GET, PUT" },
		{ "/_sim/stats 503", "or storage.objects.*, or *" },
		{ "DELETE 199", "status '199': want 200 to 599" },
		{ "DELETE 100", "say stall, for none lost or reset" },
		{ "DELETE 600", "want 200 to 599" },
		{ "DELETE 99999999999999999999", "want 200 to 599" },
		{ "DELETE 503x", "status '503x'" },
		{ "DELETE rest", "'rest' is no fault; reset is the nearest" },
		{ "DELETE RESET", "reset is the nearest" },
		{ "DELETE explode", "'explode' is no fault: want a status" },
		{ "DELETE rate=5%", "'rate=5%' is no fault" },
		/* keys */
		{ "DELETE 503 ratee=5%",
		    "'ratee' is no key; rate= is the nearest" },
		{ "DELETE 503 rate", "rate= is the nearest" },
		{ "DELETE 503 504", "'504' is no KEY=VALUE" },
		{ "DELETE 503 =5", "is no KEY=VALUE" },
		{ "DELETE 503 rate=5% rate=6%",
		    "'rate=6%': rate= is said twice" },
		{ "DELETE 503 at=5", "'at=5': a status takes no at=" },
		{ "DELETE 503 token=same", "takes no token=" },
		{ "DELETE reset retry-after=5s",
		    "reset takes no retry-after=" },
		{ "DELETE lost acted=yes", "lost takes no acted=" },
		{ "GET cut at=5 for=1s", "cut takes no for=" },
		{ "GET stall for=5s end=reset", "stall takes no end=" },
		{ "* skew by=5s acted=no", "skew takes no acted=" },
		{ "GET cut", "cut wants at=BYTES" },
		{ "GET stall at=3", "stall wants for=DURATION" },
		{ "GET drip", "drip wants pace=BYTES/s" },
		{ "LIST page-token", "page-token wants token=same|bad" },
		{ "* skew", "skew wants by=DURATION" },
		/* values */
		{ "DELETE 503 rate=0%",
		    "'rate=0%': want a percentage above 0%" },
		{ "DELETE 503 rate=0.00009%", "want a percentage" },
		{ "DELETE 503 rate=100.0001%", "up to 100%" },
		{ "DELETE 503 rate=5", "want a percentage" },
		{ "DELETE 503 rate=.5%", "want a percentage" },
		{ "DELETE 503 rate=5.%", "want a percentage" },
		{ "DELETE 503 rate=-5%", "want a percentage" },
		{ "DELETE 503 rate=%", "want a percentage" },
		{ "DELETE 503 rate=0.00001%", "want a percentage" },
		{ "DELETE 503 nth=0", "'nth=0': want N or N-M, from 1" },
		{ "DELETE 503 nth=5-4", "M not below N" },
		{ "DELETE 503 nth=1-", "want N or N-M" },
		{ "DELETE 503 nth=-1", "want N or N-M" },
		{ "DELETE 503 nth=1-2-3", "want N or N-M" },
		{ "DELETE 503 nth=1000000001", "want N or N-M" },
		{ "DELETE 503 nth=11111111111111111111111111",
		    "want N or N-M" },
		{ "DELETE 503 every=0", "'every=0': want a number from 1" },
		{ "DELETE 503 times=0", "'times=0'" },
		{ "DELETE 503 times=", "'times=': want a number" },
		{ "DELETE 503 turn=0", "'turn=0'" },
		{ "DELETE 503 connection=-1", "'connection=-1'" },
		{ "DELETE 503 from=0", "'from=0': want a time" },
		{ "DELETE 503 from=5", "want a time such as 42ms" },
		{ "DELETE 503 until=8785h", "up to 8784h" },
		{ "DELETE 503 retry-after=5", "whole seconds such as 5s" },
		{ "DELETE 503 retry-after=1500ms", "whole seconds" },
		{ "DELETE 503 retry-after=25h", "from 1s to 24h" },
		{ "DELETE 503 acted=maybe", "'acted=maybe': want yes or no" },
		{ "DELETE 503 id=", "'id=': want 1 to 63" },
		{ "DELETE 503 id=a/b", "'id=a/b'" },
		{ "DELETE 503 id=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "aaaaaaaaaaaaaaa",
		    "want 1 to 63" },
		{ "DELETE 503 name=", "'name=': want a pattern" },
		{ "DELETE 503 name=[a", "'name=[a': want a pattern" },
		{ "DELETE 503 name=%zz", "'name=%zz'" },
		{ "DELETE 503 bucket={a", "'bucket={a'" },
		{ "GET cut at=-1", "want a size" },
		{ "GET cut at=2GiB", "up to 1GiB" },
		{ "GET cut at=5 end=bang", "want close or reset" },
		{ "GET stall for=0", "'for=0'" },
		{ "GET drip pace=off", "'pace=off': want bytes a second" },
		{ "GET drip pace=0B/s", "want bytes a second" },
		{ "LIST page-token token=true", "want same or bad" },
		{ "* skew by=0", "'by=0': want a time" },
		{ "* skew by=--5s", "'by=--5s'" },
		{ "* skew by=90000h", "up to 87840h" },
		/* together */
		{ "DELETE 503 nth=3 every=2", "nth= and every= contradict" },
		{ "DELETE 503 rate=5% nth=2", "nth= and rate= contradict" },
		{ "DELETE 503 rate=5% every=2", "every= and rate= contradict" },
		{ "DELETE 503 from=5s until=5s",
		    "until= is not later than from=" },
		{ "DELETE 503 from=5s until=4s", "that is never" },
		{ "DELETE 503 nth=3 times=2",
		    "times=2 can never be reached: nth= names 1" },
		{ "DELETE 503 nth=3-4 times=3", "nth= names 2" },
		{ "PUT 503 acted=no after=5", "acted= and after= contradict" },
		{ "GET 503 after=5", "after= can never happen: 'GET' uploads" },
		{ "GET cut at=5 after=5", "cut takes no after=" },
		{ "PUT 503 after=2GiB", "'after=2GiB': want a size" },
		/* of what it can never meet */
		{ "DELETE bad-json",
		    "bad-json can never happen: what answers "
		    "DELETE has no JSON" },
		{ "DELETE page-token token=bad", "has no nextPageToken" },
		{ "storage.objects.get page-token token=same",
		    "what answers storage.objects.get has no nextPageToken" },
		{ "OTHER bad-json", "has no JSON" },
		{ "storage.buckets.delete cut at=0", "has no body" },
		{ "storage.buckets.delete stall for=1s", "stall can never" },
		{ "storage.buckets.delete drip pace=1B/s", "has no body" },
		{ "storage.buckets.* 503 name=x", "name= can never match" },
		{ "OTHER 503 bucket=x", "'OTHER' is asked of no bucket" },
		{ "storage.buckets.list 503 bucket=x",
		    "bucket= can never match" },
	};
	struct err err = ERR_INIT;
	struct rule *r;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		err_clear(&err);
		r = rule_parse(rows[i].text, strlen(rows[i].text), &err);
		ck_assert_msg(r == NULL, "%s is a rule", rows[i].text);
		ck_assert_int_eq(err.code, ERR_USAGE);
		ck_assert_msg(strstr(err.text, rows[i].why) != NULL, "%s: %s",
		    rows[i].text, err.text);
	}
}
END_TEST

START_TEST(what_is_too_long_or_no_text_is_refused)
{
	static char text[RULE_TEXT_MAX + 2];
	struct err err = ERR_INIT;

	memset(text, 'x', sizeof(text));
	ck_assert_ptr_null(rule_parse(text, RULE_TEXT_MAX + 1, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "at most 8192 bytes"));
	ck_assert_ptr_null(rule_parse(text, RULE_TEXT_MAX, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "is no kind of request"));
	ck_assert_ptr_null(rule_parse("GET 503\0", 8, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "is text"));
	ck_assert(!rule_is_id(""));
	ck_assert(rule_is_id("r1"));
}
END_TEST

/* Each kind reaches what routes say is of that kind, and nothing else. */
static void
reaches_its_kind(struct rule *rules[SIM_KINDS], const struct route *route)
{
	int kind;

	for (kind = 0; kind < SIM_KINDS; kind++)
		ck_assert_msg(rules[kind]->reaches[route->op] ==
			(kind == (int)route->kind),
		    "operation %d, kind %d, is not %d", (int)route->op, kind,
		    (int)route->kind);
}

START_TEST(a_kind_reaches_what_is_routed_so)
{
	static const enum http_method methods[] = { HTTP_GET, HTTP_POST,
		HTTP_DELETE, HTTP_HEAD, HTTP_PUT, HTTP_PATCH };
	static const char *const targets[] = { "/b", "/b/x", "/b/x/o",
		"/b/x/o/y", "/b/x/o/y?alt=media", "/b/x/o/y/compose",
		"/b/x/o/y/copyTo/b/x/o/z", "/b/x/o/y/rewriteTo/b/x/o/z",
		"/b/x/o/y/moveTo/o/z", "/b/x/o/y/restore", "/b/x/o/bulkRestore",
		"/b/x/operations", "/b/x/operations/1",
		"/b/x/operations/1/cancel", "/b/x/storageLayout",
		"/b/x/lockRetentionPolicy", "/b/x/iam",
		"/b/x/iam/testPermissions", "/b/x/acl", "/b/x/acl/e",
		"/b/x/defaultObjectAcl", "/b/x/defaultObjectAcl/e",
		"/b/x/o/y/acl", "/b/x/o/y/acl/e", "/b/x/notificationConfigs",
		"/b/x/notificationConfigs/1", "/storage/v1/projects/p/hmacKeys",
		"/storage/v1/projects/p/hmacKeys/k",
		"/storage/v1/projects/p/serviceAccount", "/batch/storage/v1",
		"/upload/storage/v1/b/x/o?name=y",
		"/upload/storage/v1/b/x/o?upload_id=1", "/", "/%zz", "/x",
		"/storage/v1/x", "/b/%zz", "/x?location", "/x?storageClass",
		"/x?versioning", "/x?uploads", "/x?delete", "/x?acl", "/x/y",
		"/x/y?uploads", "/x/y?uploadId=1",
		"/x/y?partNumber=1&uploadId=1" };
	struct rule *rules[SIM_KINDS];
	bool is_seen[OPERATIONS] = { false };
	struct route route;
	size_t i, j;
	char text[32];
	int kind;

	for (kind = 0; kind < SIM_KINDS; kind++) {
		snprintf(text, sizeof(text), "%s 503",
		    sim_kind_name((enum sim_kind)kind));
		rules[kind] = parse(text);
	}
	route_init(&route);
	for (i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		for (j = 0; j < sizeof(methods) / sizeof(methods[0]); j++) {
			if (!xml_route_parse(&route, methods[j], targets[i],
				"127.0.0.1"))
				route_parse(&route, methods[j], targets[i]);
			reaches_its_kind(rules, &route);
			is_seen[route.op] = true;
		}
	}
	route_release(&route);
	for (kind = 0; kind < SIM_KINDS; kind++)
		rule_free(rules[kind]);
	for (i = 0; i < OPERATIONS; i++)
		ck_assert_msg(is_seen[i] !=
			method_is_of_auth((enum operation)i),
		    "operation %zu is never routed", i);
}
END_TEST

START_TEST(a_method_reaches_both_apis)
{
	struct rule *r = parse("objects.get 503");

	ck_assert(r->reaches[OP_OBJECT_GET]);
	ck_assert(r->reaches[OP_OBJECT_MEDIA]);
	ck_assert(r->reaches[OP_XML_GET]);
	ck_assert(!r->reaches[OP_OBJECT_LIST]);
	ck_assert(!r->reaches[OP_BUCKET_GET]);
	rule_free(r);
	r = parse("storage.objects.* bad-json");
	ck_assert(r->reaches[OP_OBJECT_GET]);
	ck_assert(!r->reaches[OP_OBJECT_MEDIA]);
	ck_assert(!r->reaches[OP_XML_LIST]);
	ck_assert(!r->reaches[OP_BUCKET_GET]);
	rule_free(r);
	r = parse("* page-token token=bad");
	ck_assert(r->reaches[OP_OBJECT_LIST]);
	ck_assert(r->reaches[OP_BUCKET_LIST]);
	ck_assert(!r->reaches[OP_XML_LIST]);
	rule_free(r);
}
END_TEST

int
main(void)
{
	return suite_run("sim_rule", a_rule_is_written_as_it_is_read,
	    what_is_no_rule_is_refused_by_its_word,
	    what_is_too_long_or_no_text_is_refused,
	    a_kind_reaches_what_is_routed_so, a_method_reaches_both_apis, NULL);
}
