/* SPDX-License-Identifier: MIT */
/*
 * HMAC keys of a project's service accounts, and the account that a project
 * has.  Nothing is ever signed with them here: a secret is told once, when the
 * key is made, and not kept.
 *
 *	ACTIVE <--> INACTIVE --> DELETED, which stays and is seen on demand
 *
 * All keys are one JSON object in the world, {"GOOG1E...": {...}}, in the order
 * in which they were made.
 */
#include "sim/operations_access.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base64.h"
#include "sim/hash.h"
#include "sim/http.h"
#include "sim/json_out.h"
#include "sim/object_json.h"
#include "sim/reply.h"
#include "sim/rfc3339.h"
#include "sim/routes.h"
#include "sim/world.h"

enum {
	LIST_MAX = 250, /* as documented */
	EMAIL_MAX = 320,
	ID_BYTES = 35, /* 5 bits a character */
	ID_MAX = 64,
	SECRET_BYTES = 30,
	TEXT_MAX = 64 * 1024
};

static json_t *
load(const struct scene *s)
{
	json_t *all = s->world->keys != NULL
	    ? json_loads(s->world->keys, 0, NULL)
	    : NULL;

	return all != NULL ? all : json_object();
}

static void
keep(const struct scene *s, const json_t *all)
{
	world_set_keys(s->world, json_dumps(all, JSON_COMPACT));
}

static json_int_t
number(const json_t *from, const char *key)
{
	return json_integer_value(json_object_get(from, key));
}

static bool
is_in(const json_t *key, const char *state)
{
	const char *said = operations_text(key, "state");

	return said != NULL && strcmp(said, state) == 0;
}

/* The key of that name, if it is one of the project. */
static bool
is_of(const json_t *key, const struct buf *project)
{
	const char *said = operations_text(key, "project");

	return said != NULL && strcmp(said, project->data) == 0;
}

/* The one that the path names; NULL: the reply says that there is none. */
static json_t *
find(const struct scene *s, const json_t *all)
{
	const struct route *r = s->ask->route;
	json_t *key = strlen(r->name.data) == r->name.len
	    ? json_object_get(all, r->name.data)
	    : NULL;

	if (key != NULL && is_of(key, &r->part))
		return key;
	reply_error(s->reply, 404, "notFound", NULL,
	    "Access ID not found in project.");
	return NULL;
}

/* --- answers --- */

struct key {
	const char *id;
	const json_t *is;
	const char *secret; /* of one that was just made */
};

static void
add_time(struct json_out *w, const char *name, const json_t *from)
{
	char when[RFC3339_MAX];

	rfc3339_format((uint64_t)number(from, name), when);
	operations_add(w, name, when);
}

/* Adds the base64 of how-manieth state of the key it is. */
static void
add_etag(const json_t *key, struct buf *out)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT,
	    number(key, "changes"));

	base64_add(out, text, (size_t)n);
}

static void
add_metadata(const struct scene *s, const void *what, struct json_out *w)
{
	const struct buf *project = &s->ask->route->part;
	const struct key *k = what;
	struct buf text;

	buf_init(&text, TEXT_MAX);
	json_open(w, '{');
	operations_add(w, "kind", "storage#hmacKeyMetadata");
	if (json_key(w, "id")) {
		buf_addf(&text, "%s/%s", project->data, k->id);
		json_text(w, text.data, text.len);
	}
	if (json_key(w, "selfLink")) {
		buf_clear(&text);
		buf_addf(&text, "%s://%s/storage/v1/projects/%s/hmacKeys/%s",
		    s->ask->self.scheme, s->ask->self.host, project->data,
		    k->id);
		json_text(w, text.data, text.len);
	}
	operations_add(w, "accessId", k->id);
	operations_add(w, "projectId", project->data);
	operations_add_kept(w, k->is, "serviceAccountEmail");
	operations_add_kept(w, k->is, "state");
	add_time(w, "timeCreated", k->is);
	add_time(w, "updated", k->is);
	if (json_key(w, "etag")) {
		buf_clear(&text);
		add_etag(k->is, &text);
		json_text(w, text.data, text.len);
	}
	json_close(w, '}');
	buf_release(&text);
}

static void
add_made(const struct scene *s, const void *what, struct json_out *w)
{
	const struct key *k = what;

	json_open(w, '{');
	operations_add(w, "kind", "storage#hmacKey");
	if (json_key(w, "metadata"))
		add_metadata(s, k, w);
	operations_add(w, "secret", k->secret);
	json_close(w, '}');
}

/* --- making one --- */

/* Bytes that follow from what and which they are for. */
static void
draw(uint8_t *out, size_t n, const char *what, uint64_t which)
{
	uint8_t md5[HASH_MD5];
	char text[64];
	size_t at, some;
	int len;

	for (at = 0; at < n; at += some) {
		len = snprintf(text, sizeof(text), "%s %" PRIu64 " %zu", what,
		    which, at);
		hash_md5(text, (size_t)len, md5);
		some = n - at < HASH_MD5 ? n - at : HASH_MD5;
		memcpy(out + at, md5, some);
	}
}

static void
draw_id(char out[ID_MAX], uint64_t which)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	static const char prefix[] = "GOOG1E";
	uint8_t bytes[ID_BYTES];
	size_t i, n = sizeof(prefix) - 1;
	unsigned at;

	draw(bytes, sizeof(bytes), "id", which);
	memcpy(out, prefix, n);
	for (i = 0; i < 55; i++) {
		at = (unsigned)i * 5;
		out[n++] = digits[((bytes[at / 8] << 8 |
				       bytes[(at / 8 + 1) % ID_BYTES]) >>
				      (11 - at % 8)) &
		    31];
	}
	out[n] = '\0';
}

static void
make(const struct scene *s, const char *email)
{
	const struct buf *project = &s->ask->route->part;
	uint64_t which = world_generation(s->world, s->ask->wall_us);
	json_int_t now = (json_int_t)s->ask->wall_us;
	json_t *all = load(s), *key;
	uint8_t bytes[SECRET_BYTES];
	char id[ID_MAX];
	struct buf secret;

	key = json_pack("{s:s,s:s,s:s,s:I,s:I,s:i}", "project", project->data,
	    "serviceAccountEmail", email, "state", "ACTIVE", "timeCreated", now,
	    "updated", now, "changes", 1);
	buf_init(&secret, 4 * SECRET_BYTES);
	draw_id(id, which);
	draw(bytes, sizeof(bytes), "secret", which);
	base64_add(&secret, bytes, sizeof(bytes));
	json_object_set_new(all, id, key);
	keep(s, all);
	operations_answer(s, add_made,
	    &(struct key){ .id = id, .is = key, .secret = secret.data });
	buf_release(&secret);
	json_decref(all);
}

/* "ann@example.com"?  Nobody looks for the account. */
static bool
is_email(const struct buf *text)
{
	return text->len <= EMAIL_MAX && strchr(text->data, '@') != NULL &&
	    object_json_is_plain(text->data, text->len) &&
	    json_is_utf8(text->data, text->len);
}

/* -1: the reply says what is wrong with it. */
static int
check_project(const struct scene *s)
{
	const struct buf *project = &s->ask->route->part;

	if (object_json_is_plain(project->data, project->len) &&
	    json_is_utf8(project->data, project->len))
		return 0;
	reply_bad_request(s->reply, "invalid", "Invalid project.");
	return -1;
}

void
operations_key_create(const struct scene *s)
{
	static const char key[] = "serviceAccountEmail";
	const struct query *q = &s->ask->route->query;
	struct buf email;

	buf_init(&email, HTTP_MAX_HEAD);
	if (!query_has(q, key))
		reply_bad_parameter(s->reply, key, "required",
		    "Required parameter: serviceAccountEmail");
	else if (query_get(q, key, &email) != 0 || !is_email(&email))
		reply_bad_parameter(s->reply, key, "invalidParameter",
		    "Invalid value: want the address of a service account.");
	else if (check_project(s) == 0)
		make(s, email.data);
	buf_release(&email);
}

/* --- reading --- */

void
operations_key_get(const struct scene *s)
{
	json_t *all = load(s);
	struct key k = { .id = s->ask->route->name.data };

	if ((k.is = find(s, all)) != NULL)
		operations_answer(s, add_metadata, &k);
	json_decref(all);
}

/* What a list is to hold. */
struct page {
	json_t *all;
	bool shows_deleted;
	uint64_t max;
	struct buf email; /* "": of all accounts */
	struct buf token; /* the key behind which the page begins, or "" */
};

static bool
is_wanted(const struct page *p, const json_t *key, const struct buf *project)
{
	const char *email = operations_text(key, "serviceAccountEmail");

	return is_of(key, project) &&
	    (p->shows_deleted || !is_in(key, "DELETED")) &&
	    (p->email.len == 0 ||
		(email != NULL && strcmp(email, p->email.data) == 0));
}

/* Answers the key behind which the next page begins, or NULL. */
static const char *
add_items(const struct scene *s, const struct page *p, struct json_out *w)
{
	const char *last = NULL;
	bool is_open = false, is_reached = p->token.len == 0;
	struct key k = { 0 };
	json_t *key;
	uint64_t n = 0;

	json_object_foreach (p->all, k.id, key) {
		if (!is_reached) {
			is_reached = strcmp(k.id, p->token.data) == 0;
			continue;
		}
		if (!is_wanted(p, key, &s->ask->route->part))
			continue;
		if (n++ == p->max)
			break;
		last = k.id;
		if (n == 1 && (is_open = json_key(w, "items")))
			json_open(w, '[');
		k.is = key;
		if (is_open)
			add_metadata(s, &k, w);
	}
	if (is_open)
		json_close(w, ']');
	return n > p->max ? last : NULL;
}

static void
add_page(const struct scene *s, const void *what, struct json_out *w)
{
	const char *last;

	json_open(w, '{');
	operations_add(w, "kind", "storage#hmacKeysMetadata");
	last = add_items(s, what, w);
	if (last != NULL)
		operations_add(w, "nextPageToken", last);
	json_close(w, '}');
}

/* -1: the reply says which parameter is wrong. */
static int
read_page(const struct scene *s, struct page *p)
{
	const struct query *q = &s->ask->route->query;
	const char *wrong = NULL;

	if (query_bool(q, "showDeletedKeys", &p->shows_deleted) < 0)
		wrong = "showDeletedKeys";
	else if (query_u64(q, "maxResults", &p->max) < 0)
		wrong = "maxResults";
	else if (query_get(q, "serviceAccountEmail", &p->email) != 0)
		wrong = "serviceAccountEmail";
	else if (query_get(q, "pageToken", &p->token) != 0 ||
	    (p->token.len > 0 &&
		json_object_get(p->all, p->token.data) == NULL))
		wrong = "pageToken";
	if (p->max == 0 || p->max > LIST_MAX)
		p->max = LIST_MAX;
	if (wrong == NULL)
		return 0;
	reply_bad_parameter(s->reply, wrong, "invalidParameter",
	    "Invalid value.");
	return -1;
}

void
operations_key_list(const struct scene *s)
{
	struct page p = { .all = load(s) };

	buf_init(&p.email, HTTP_MAX_HEAD);
	buf_init(&p.token, HTTP_MAX_HEAD);
	if (read_page(s, &p) == 0)
		operations_answer(s, add_page, &p);
	buf_release(&p.email);
	buf_release(&p.token);
	json_decref(p.all);
}

/* --- changing --- */

static void
change(const struct scene *s, json_t *key, const char *state)
{
	json_object_set_new(key, "state", json_string(state));
	json_object_set_new(key, "updated",
	    json_integer((json_int_t)s->ask->wall_us));
	json_object_set_new(key, "changes",
	    json_integer(number(key, "changes") + 1));
}

/* -1: the reply says why not. */
static int
check_change(const struct scene *s, const json_t *key, const json_t *body)
{
	const json_t *said = json_object_get(body, "state");
	const char *etag = operations_text(body, "etag");
	const char *state = json_string_value(said);
	struct buf is;
	bool is_stale;

	buf_init(&is, TEXT_MAX);
	add_etag(key, &is);
	is_stale = etag != NULL && *etag != '\0' && strcmp(etag, is.data) != 0;
	buf_release(&is);
	if (is_stale)
		reply_precondition(s->reply);
	else if (said != NULL &&
	    (state == NULL ||
		(strcmp(state, "ACTIVE") != 0 &&
		    strcmp(state, "INACTIVE") != 0)))
		reply_bad_request(s->reply, "invalid",
		    "Invalid value for: state. It is ACTIVE or INACTIVE; "
		    "delete the key for DELETED.");
	else if (is_in(key, "DELETED"))
		reply_bad_request(s->reply, "invalid",
		    "A deleted key cannot be changed.");
	else
		return 0;
	return -1;
}

void
operations_key_update(const struct scene *s)
{
	json_t *all = load(s), *key = find(s, all), *body = NULL;
	const char *state;

	if (key != NULL && (body = operations_body(s)) != NULL &&
	    check_change(s, key, body) == 0) {
		state = operations_text(body, "state");
		if (state != NULL) {
			change(s, key, state);
			keep(s, all);
		}
		operations_answer(s, add_metadata,
		    &(struct key){ .id = s->ask->route->name.data, .is = key });
	}
	json_decref(body);
	json_decref(all);
}

/* Again is no error: the call is one that clients repeat. */
void
operations_key_delete(const struct scene *s)
{
	json_t *all = load(s), *key = find(s, all);

	if (key != NULL && is_in(key, "ACTIVE")) {
		reply_bad_request(s->reply, "invalid",
		    "Cannot delete a key in the state ACTIVE: make it INACTIVE "
		    "first.");
	} else if (key != NULL) {
		if (!is_in(key, "DELETED")) {
			change(s, key, "DELETED");
			keep(s, all);
		}
		s->reply->status = 204;
	}
	json_decref(all);
}

/* --- the account that a project has --- */

static void
add_account(const struct scene *s, const void *what, struct json_out *w)
{
	(void)s, (void)what;
	json_open(w, '{');
	operations_add(w, "kind", "storage#serviceAccount");
	operations_add(w, "email_address",
	    "service-1@gs-project-accounts.iam.gserviceaccount.com");
	json_close(w, '}');
}

void
operations_service_account(const struct scene *s)
{
	operations_answer(s, add_account, NULL);
}
