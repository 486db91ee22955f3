/* SPDX-License-Identifier: MIT */
/* objects.list over HTTP: its parameters, and deleting while listing. */
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

static struct sim_world world;

static void
start_with(const char *registry)
{
	struct sim_opts opts;

	sim_defaults(&opts);
	opts.registry = registry;
	sim_world_start(&world, LOOP_REAL, &opts, 1);
}

static void
stop(void)
{
	sim_world_stop(&world);
}

static const struct sim_answer *
ask(const char *method, const char *target)
{
	return sim_client_get(world.client, method, target);
}

static const struct sim_answer *
send_body(const char *method, const char *target, const char *body)
{
	size_t number = sim_client_ask(world.client, method, target, body);

	sim_client_run(world.client);
	return sim_client_answer(world.client, number);
}

static void
put(const char *bucket, const char *name)
{
	char target[300];

	snprintf(target, sizeof(target),
	    "/upload/storage/v1/b/%s/o?uploadType=media&name=%s", bucket, name);
	ck_assert_int_eq(send_body("POST", target, "x")->status, 200);
}

static void
list_is(const char *query, const char *want)
{
	char target[600];
	const struct sim_answer *a;

	snprintf(target, sizeof(target),
	    "/storage/v1/b/demo/o?fields=prefixes,items/name&prettyPrint=false"
	    "&%s",
	    query);
	a = ask("GET", target);
	ck_assert_msg(a->status == 200 && strcmp(a->body.data, want) == 0,
	    "%s: %d %s, want %s", query, a->status, a->body.data, want);
}

static void
list_is_refused(const char *query, int status, const char *reason,
    const char *message)
{
	char target[600], in_body[300];
	const struct sim_answer *a;

	snprintf(target, sizeof(target), "/storage/v1/b/demo/o?%s", query);
	snprintf(in_body, sizeof(in_body), "\"reason\": \"%s\"", reason);
	a = ask("GET", target);
	ck_assert_msg(a->status == status && strstr(a->body.data, in_body) &&
		strstr(a->body.data, message),
	    "%s: %d %s", query, a->status, a->body.data);
}

/* --- parameters --- */

START_TEST(an_empty_list_is_production_s_to_the_byte)
{
	start_with("manifests=0");
	ck_assert_str_eq(ask("GET", "/storage/v1/b/demo/o")->body.data,
	    "{\n  \"kind\": \"storage#objects\"\n}\n");
	stop();
}
END_TEST

START_TEST(names_are_chosen_by_prefix_offsets_and_glob)
{
	static const char *const names[] = { "a", "b%2F", "b%2F1", "b%2F2",
		"b%2Fc%2F3", "d.txt", "e.txt" };
	static const char rest[] = "\"d.txt\"},{\"name\":\"e.txt\"}]}\n";
	char want[200];
	size_t i;

	start_with("manifests=0");
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		put("demo", names[i]);
	list_is("delimiter=/&startOffset=b",
	    "{\"prefixes\":[\"b/\"],\"items\":[{\"name\":\"d.txt\"},"
	    "{\"name\":\"e.txt\"}]}\n");
	list_is("prefix=b/&startOffset=b/1&endOffset=b/c",
	    "{\"items\":[{\"name\":\"b/1\"},{\"name\":\"b/2\"}]}\n");
	list_is("startOffset=x", "{}\n");
	list_is("startOffset=b&endOffset=b", "{}\n");
	snprintf(want, sizeof(want), "{\"items\":[{\"name\":%s", rest);
	list_is("matchGlob=*.txt", want);
	list_is("matchGlob=%5Bde%5D.%2A", want);
	list_is("matchGlob=b/*",
	    "{\"items\":[{\"name\":\"b/\"},{\"name\":\"b/1\"},"
	    "{\"name\":\"b/2\"}]}\n");
	list_is("matchGlob=b/**3", "{\"items\":[{\"name\":\"b/c/3\"}]}\n");
	list_is("prefix=b/&matchGlob=**%7B1,3%7D",
	    "{\"items\":[{\"name\":\"b/1\"},{\"name\":\"b/c/3\"}]}\n");
	list_is("prefix=b/&matchGlob=*.txt", "{}\n");
	/* Prefixes are names that a glob may want. */
	list_is("delimiter=/&matchGlob=**/", "{\"prefixes\":[\"b/\"]}\n");
	list_is("delimiter=/&matchGlob=a*", "{\"items\":[{\"name\":\"a\"}]}\n");
	list_is("delimiter=/&prefix=b/&includeTrailingDelimiter=true",
	    "{\"prefixes\":[\"b/c/\"],\"items\":[{\"name\":\"b/\"},"
	    "{\"name\":\"b/1\"},{\"name\":\"b/2\"}]}\n");
	list_is("delimiter=/&endOffset=d&includeTrailingDelimiter=True",
	    "{\"prefixes\":[\"b/\"],\"items\":[{\"name\":\"a\"},"
	    "{\"name\":\"b/\"}]}\n");
	list_is("delimiter=/&endOffset=d&includeFoldersAsPrefixes=True",
	    "{\"prefixes\":[\"b/\"],\"items\":[{\"name\":\"a\"}]}\n");
	stop();
}
END_TEST

START_TEST(what_clients_send_without_meaning_it_is_fine)
{
	start_with("manifests=0");
	put("demo", "a");
	list_is("delimiter=&pageToken=&versions=false&softDeleted=False"
		"&includeFoldersAsPrefixes=False&matchGlob=&startOffset="
		"&projection=noAcl&userProject=p&unknown=1&quotaUser=q",
	    "{\"items\":[{\"name\":\"a\"}]}\n");
	list_is("projection=full&versions=1&maxResults=0",
	    "{\"items\":[{\"name\":\"a\"}]}\n");
	list_is("maxResults=4294967295&versions=TRUE&",
	    "{\"items\":[{\"name\":\"a\"}]}\n");
	stop();
}
END_TEST

START_TEST(what_a_list_cannot_do_is_refused_by_name)
{
	static const struct {
		const char *query;
		int status;
		const char *reason, *message;
	} rows[] = {
		{ "maxResults=-1", 400, "invalidParameter", "\"maxResults\"" },
		{ "maxResults=many", 400, "invalidParameter", "unsigned" },
		{ "maxResults=4294967296", 400, "invalidParameter", "4294" },
		{ "pageToken=x", 400, "invalid", "\"pageToken\"" },
		{ "pageToken=bg", 400, "invalid", "Invalid argument." },
		{ "pageToken=%zz", 400, "invalid", "\"pageToken\"" },
		{ "startOffset=%4", 400, "invalid", "\"startOffset\"" },
		{ "endOffset=%", 400, "invalid", "\"endOffset\"" },
		{ "delimiter=%zz", 400, "invalid", "\"delimiter\"" },
		{ "versions=maybe", 400, "invalidParameter", "\"versions\"" },
		{ "softDeleted=yes", 400, "invalidParameter",
		    "\"softDeleted\"" },
		{ "versions=true&softDeleted=true", 400, "invalid",
		    "cannot both" },
		{ "includeFoldersAsPrefixes=true", 400, "invalid",
		    "delimiter '/'" },
		{ "includeFoldersAsPrefixes=true&delimiter=x", 400, "invalid",
		    "\"includeFoldersAsPrefixes\"" },
		{ "includeTrailingDelimiter=2", 400, "invalidParameter",
		    "\"includeTrailingDelimiter\"" },
		{ "matchGlob=a%5B", 400, "invalidParameter", "a [ has no ]" },
		{ "matchGlob=%7Ba", 400, "invalidParameter", "\"matchGlob\"" },
		{ "projection=all", 400, "invalidParameter", "[full, noAcl]" },
		{ "filter=contexts.%22k%22:*", 501, "notImplemented",
		    "contexts" },
		{ "fields=items(", 400, "invalidParameter", "fields" },
	};
	size_t i;

	start_with("manifests=0");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		list_is_refused(rows[i].query, rows[i].status, rows[i].reason,
		    rows[i].message);
	stop();
}
END_TEST

/* --- pages --- */

enum { NAME = 200, TOKEN = 2000 };

/* The next page's names from `page` on; an empty token: there is none. */
static size_t
list_page(char token[TOKEN], char names[][NAME], size_t most)
{
	const struct sim_answer *a;
	char target[TOKEN + 200];
	const char *at;
	size_t n;

	snprintf(target, sizeof(target),
	    "/b/demo/o?maxResults=10&prettyPrint=false"
	    "&fields=nextPageToken,items(name)&pageToken=%s",
	    token);
	a = ask("GET", target);
	ck_assert_int_eq(a->status, 200);
	at = a->body.data;
	for (n = 0; (at = strstr(at, "\"name\":\"")) != NULL; n++, at++) {
		ck_assert_uint_lt(n, most);
		ck_assert_int_eq(sscanf(at, "\"name\":\"%199[^\"]", names[n]),
		    1);
	}
	token[0] = '\0';
	at = strstr(a->body.data, "\"nextPageToken\":\"");
	if (at != NULL)
		ck_assert_int_eq(sscanf(at, "\"nextPageToken\":\"%1999[^\"]",
				     token),
		    1);
	return n;
}

static const struct sim_answer *
delete_with(struct sim_client *client, const char *name)
{
	char target[3 * NAME] = "/b/demo/o/";
	char *out = target + strlen(target);

	for (; *name != '\0'; name++)
		out += sprintf(out, *name == '/' ? "%%2F" : "%c", *name);
	return sim_client_get(client, "DELETE", target);
}

/* Tokens that are positions would leave half of the bucket behind. */
START_TEST(deleting_while_listing_leaves_nothing)
{
	char token[TOKEN] = "", names[10][NAME];
	size_t i, n, pages = 0, seen = 0;

	start_with("manifests=0,orphans=95");
	do {
		n = list_page(token, names, 10);
		for (i = 0; i < n; i++)
			ck_assert_int_eq(delete_with(world.client, names[i])
					     ->status,
			    204);
		seen += n;
		pages++;
	} while (token[0] != '\0');
	ck_assert_uint_eq(seen, 95);
	ck_assert_uint_eq(pages, 10);
	ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 0);
	stop();
}
END_TEST

/* The object that the token was made from is gone before it is used, and so is
 * one that comes next. */
START_TEST(nor_does_a_second_client_that_deletes_what_the_token_means)
{
	char token[TOKEN] = "", names[10][NAME], next[10][NAME];
	struct sim_client *second;
	char ahead[TOKEN];
	size_t i, n, seen = 0, elsewhere = 0;

	start_with("manifests=0,orphans=95");
	second = sim_client_new(world.loop, world.sim, 1);
	do {
		n = list_page(token, names, 10);
		seen += n;
		if (token[0] != '\0') {
			strcpy(ahead, token);
			ck_assert_uint_ge(list_page(ahead, next, 10), 1);
			ck_assert_int_eq(delete_with(second, next[0])->status,
			    204);
			elsewhere++;
		}
		ck_assert_int_eq(delete_with(second, names[n - 1])->status,
		    204);
		for (i = 0; i < n; i++)
			ck_assert_int_eq(delete_with(world.client, names[i])
					     ->status,
			    i == n - 1 ? 404 : 204);
	} while (token[0] != '\0');
	ck_assert_uint_eq(seen + elsewhere, 95);
	ck_assert_uint_eq(sim_objects(world.sim, "demo", NULL), 0);
	sim_client_free(second);
	stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_list", an_empty_list_is_production_s_to_the_byte,
	    names_are_chosen_by_prefix_offsets_and_glob,
	    what_clients_send_without_meaning_it_is_fine,
	    what_a_list_cannot_do_is_refused_by_name,
	    deleting_while_listing_leaves_nothing,
	    nor_does_a_second_client_that_deletes_what_the_token_means, NULL);
}
