/* SPDX-License-Identifier: MIT */
/* What the rooms of access share: bodies in, resources out. */
#include "sim/operations_access.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "sim/json_out.h"
#include "sim/reply.h"

enum { BODY_MAX = 64 * 1024 };

void
operations_answer(const struct scene *s,
    void (*add)(const struct scene *s, const void *what, struct json_out *w),
    const void *what)
{
	struct fields *fields;
	struct json_out w;

	if (operations_fields(s, &fields) != 0)
		return;
	json_init(&w, &s->reply->body, s->reply->pretty, fields);
	add(s, what, &w);
	json_end(&w);
	fields_free(fields);
}

json_t *
operations_body(const struct scene *s)
{
	json_t *body = NULL;

	if (s->ask->body_len > BODY_MAX) {
		reply_error(s->reply, 413, "uploadTooLarge", NULL,
		    "This resource has at most 64 KiB.");
		return NULL;
	}
	if (s->ask->body_len > 0)
		body = json_loadb(s->ask->body, s->ask->body_len,
		    JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(body))
		return body;
	json_decref(body);
	reply_bad_request(s->reply, "parseError",
	    "The body must be a resource in JSON.");
	return NULL;
}

const char *
operations_text(const json_t *from, const char *key)
{
	return json_string_value(json_object_get(from, key));
}

void
operations_add(struct json_out *w, const char *key, const char *word)
{
	if (json_key(w, key))
		json_str(w, word);
}

void
operations_add_kept(struct json_out *w, const json_t *from, const char *key)
{
	const json_t *value = json_object_get(from, key);
	char *text;

	if (value == NULL || !json_key(w, key))
		return;
	text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	json_raw(w, text, strlen(text));
	free(text);
}
