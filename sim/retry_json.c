/* SPDX-License-Identifier: MIT */
/*
 *	{"instructions": {"storage.objects.get": ["return-503"]},
 *	 "transport": "HTTP"}
 *
 * Refusals have the testbench's statuses, and where it has any its words.
 */
#include "sim/retry_json.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sim/instructions.h"
#include "sim/json_out.h"
#include "sim/method.h"
#include "sim/retry_test.h"
#include "src/base/str.h"

static int PRINTF_LIKE(3, 4)
    refuse(struct retry_refusal *why, int status, const char *format, ...)
{
	va_list args;

	*why = (struct retry_refusal){ .status = status };
	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	return -1;
}

/* The testbench's gRPC knows the methods of buckets and of objects alone. */
static bool
has_grpc(const char *method)
{
	return str_starts(method, "storage.buckets.") ||
	    str_starts(method, "storage.objects.");
}

static int
check_method(const char *method, bool is_grpc, struct retry_refusal *why)
{
	if (!str_starts(method, "storage.") ||
	    !method_is_known(method, strlen(method)))
		return refuse(why, 400,
		    "The requested method <%.80s> for fault injection is "
		    "invalid.",
		    method);
	if (is_grpc && !has_grpc(method))
		return refuse(why, 501,
		    "Retry Test API not supported for the requested method "
		    "<%.80s> in GRPC",
		    method);
	return 0;
}

static int
read_queue(struct retry_queue *q, const json_t *list, struct retry_refusal *why)
{
	struct instruction ignored;
	const char *text;
	size_t i;

	if (!json_is_array(list))
		return refuse(why, 400,
		    "The instructions of <%.80s> are no list, which is "
		    "invalid.",
		    q->method);
	for (i = 0; i < json_array_size(list); i++) {
		text = json_string_value(json_array_get(list, i));
		if (text == NULL)
			return refuse(why, 400,
			    "An instruction of <%.80s> is no string, which is "
			    "invalid.",
			    q->method);
		if (instruction_parse(text, &ignored) != 0)
			return refuse(why, 400,
			    "The fault injection request <%.80s> is invalid.",
			    text);
		retry_queue_add(q, text);
	}
	return 0;
}

static int
read_queues(struct retry_test *t, json_t *methods, struct retry_refusal *why)
{
	const char *method;
	json_t *list;

	json_object_foreach (methods, method, list) {
		if (check_method(method, t->is_grpc, why) != 0 ||
		    read_queue(retry_test_add(t, method), list, why) != 0)
			return -1;
	}
	return 0;
}

static int
read_transport(const json_t *root, bool *is_grpc, struct retry_refusal *why)
{
	const json_t *value = json_object_get(root, "transport");
	const char *text = value != NULL ? json_string_value(value) : "HTTP";

	if (text == NULL)
		return refuse(why, 400,
		    "The requested transport is no string, which is invalid.");
	*is_grpc = strcasecmp(text, "GRPC") == 0;
	if (!*is_grpc && strcasecmp(text, "HTTP") != 0)
		return refuse(why, 400,
		    "The requested transport <%.80s> is neither HTTP nor GRPC, "
		    "which is invalid.",
		    text);
	return 0;
}

static bool
is_empty(const json_t *value)
{
	return value == NULL || json_is_null(value) ||
	    (json_is_object(value) && json_object_size(value) == 0);
}

static struct retry_test *
read_test(json_t *root, struct retry_refusal *why)
{
	json_t *methods = json_object_get(root, "instructions");
	struct retry_test *t;
	bool is_grpc;

	if (is_empty(methods)) {
		(void)refuse(why, 400, "instructions is not defined");
		why->is_text = true;
		return NULL;
	}
	if (!json_is_object(methods)) {
		(void)refuse(why, 400,
		    "The value of instructions is no object, which is "
		    "invalid.");
		return NULL;
	}
	if (read_transport(root, &is_grpc, why) != 0)
		return NULL;
	t = retry_test_new(is_grpc);
	if (read_queues(t, methods, why) == 0)
		return t;
	retry_test_free(t);
	return NULL;
}

struct retry_test *
retry_json_parse(const void *body, size_t n, struct retry_refusal *why)
{
	struct retry_test *t = NULL;
	json_t *root = NULL;

	if (n > RETRY_BODY_MAX) {
		(void)refuse(why, 413,
		    "The body of a retry test has %zu bytes, at most %d are "
		    "read.",
		    n, RETRY_BODY_MAX);
		return NULL;
	}
	root = json_loadb(body, n, 0, NULL);
	if (json_is_object(root))
		t = read_test(root, why);
	else
		(void)refuse(why, 400,
		    "The body of a retry test is no JSON object, which is "
		    "invalid.");
	json_decref(root);
	return t;
}

/* --- telling --- */

static void
add_queue(const struct retry_queue *q, struct json_out *w)
{
	size_t i;

	json_any_key(w, q->method);
	json_open(w, '[');
	for (i = 0; i < q->steps.n; i++)
		json_str(w, q->steps.v[i].text);
	json_close(w, ']');
}

void
retry_json_add(const struct retry_test *t, struct json_out *w)
{
	size_t i;

	json_open(w, '{');
	json_key(w, "id");
	json_str(w, t->id);
	json_key(w, "instructions");
	json_open(w, '{');
	for (i = 0; i < t->queues.n; i++)
		add_queue(&t->queues.v[i], w);
	json_close(w, '}');
	json_key(w, "completed");
	json_bool(w, t->is_completed);
	json_key(w, "transport");
	json_str(w, t->is_grpc ? "GRPC" : "HTTP");
	json_close(w, '}');
}
