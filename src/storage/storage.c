/* SPDX-License-Identifier: MIT */
/*
 * The seam's own code: it dispatches to the store and keeps operations tidy.
 * It knows no HTTP beyond carrying a status number, and no registry.
 */
#include "src/storage/storage.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "src/storage/answer.h"

/* Room for a name too long to be sent, so that it can be refused by name. */
enum { NAME_ROOM = 4 * STORAGE_NAME_MAX };

/* Page tokens are opaque; GCS's are about 4/3 of a name. */
enum { TOKEN_MAX = 8 * STORAGE_NAME_MAX };

/* PUT is for links, manifests and tests; layers never pass through here. */
enum { BODY_MAX = 64 * 1024 * 1024 };

void
storage_submit(struct storage *s, struct storage_op *op)
{
	s->ops->submit(s, op);
}

struct storage_op *
storage_reap(struct storage *s)
{
	return s->ops->reap(s);
}

void
storage_cancel(struct storage *s)
{
	s->ops->cancel(s);
}

void
storage_close(struct storage *s)
{
	if (s != NULL)
		s->ops->close(s);
}

void
storage_op_init(struct storage_op *op)
{
	memset(op, 0, sizeof(*op));
	buf_init(&op->name, NAME_ROOM);
	buf_init(&op->token, TOKEN_MAX);
	buf_init(&op->start, NAME_ROOM);
	buf_init(&op->end, NAME_ROOM);
	buf_init(&op->body, BODY_MAX);
	buf_init(&op->page.next, TOKEN_MAX);
	arena_init(&op->page.names);
}

void
storage_op_release(struct storage_op *op)
{
	buf_release(&op->name);
	buf_release(&op->token);
	buf_release(&op->start);
	buf_release(&op->end);
	buf_release(&op->body);
	buf_release(&op->page.next);
	vec_release(&op->page.objects);
	arena_release(&op->page.names);
}

void
storage_clear_answer(struct storage_op *op)
{
	op->verdict = STORAGE_OK;
	op->status = 0;
	err_clear(&op->err);
	if (op->kind == STORAGE_GET)
		buf_clear(&op->body);
	op->page.objects.n = 0;
	arena_reset(&op->page.names);
	buf_clear(&op->page.next);
	op->put_generation = 0;
	op->server_us = 0;
}

static void
ask(struct storage_op *op, enum storage_kind kind, const char *name)
{
	storage_clear_answer(op);
	op->kind = kind;
	buf_clear(&op->name);
	buf_adds(&op->name, name);
	buf_clear(&op->token);
	buf_clear(&op->start);
	buf_clear(&op->end);
	op->wants_md5 = false;
	buf_clear(&op->body);
	op->has_generation = false;
	op->generation = 0;
	op->max_body = 0;
	op->attempts = op->rejected = op->unanswered = 0;
	op->submitted_us = op->done_us = 0;
}

void
storage_ask_list(struct storage_op *op, const char *prefix, const char *token)
{
	ask(op, STORAGE_LIST, prefix);
	buf_adds(&op->token, token);
}

void
storage_list_range(struct storage_op *op, const char *start, const char *end)
{
	buf_clear(&op->start);
	buf_adds(&op->start, start);
	buf_clear(&op->end);
	buf_adds(&op->end, end);
}

void
storage_list_md5(struct storage_op *op)
{
	op->wants_md5 = true;
}

void
storage_ask_get(struct storage_op *op, const char *name, size_t max_body)
{
	ask(op, STORAGE_GET, name);
	op->max_body = max_body < BODY_MAX ? max_body : BODY_MAX;
}

void
storage_ask_put(struct storage_op *op, const char *name, const void *data,
    size_t n)
{
	ask(op, STORAGE_PUT, name);
	buf_add(&op->body, data, n);
}

void
storage_ask_delete(struct storage_op *op, const char *name)
{
	ask(op, STORAGE_DELETE, name);
}

void
storage_if_generation(struct storage_op *op, uint64_t generation)
{
	op->has_generation = true;
	op->generation = generation;
}

struct storage_object *
storage_page_add(struct storage_page *page, const char *name,
    uint64_t generation, uint64_t size, uint64_t created_us)
{
	struct storage_object *object = vec_push(&page->objects);

	*object = (struct storage_object){
		.name = arena_strndup(&page->names, name, strlen(name)),
		.generation = generation,
		.size = size,
		.created_us = created_us,
	};
	return object;
}

void
storage_answer(struct storage_op *op, enum storage_verdict verdict, int status,
    enum err_code code, const char *format, ...)
{
	va_list ap;

	op->verdict = verdict;
	op->status = status;
	op->err.code = code;
	va_start(ap, format);
	vsnprintf(op->err.text, sizeof(op->err.text), format, ap);
	va_end(ap);
}

void
storage_answer_ok(struct storage_op *op, int status)
{
	op->verdict = STORAGE_OK;
	op->status = status;
	err_clear(&op->err);
}

const char *
storage_name_fault(const char *name)
{
	if (name[0] == '\0')
		return "an object name is never empty";
	if (strlen(name) > STORAGE_NAME_MAX)
		return "an object name has at most 1024 bytes";
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return "no object may be named . or ..";
	if (strpbrk(name, "\r\n") != NULL)
		return "an object name has no line breaks";
	return NULL;
}

const char *
storage_kind_name(enum storage_kind kind)
{
	static const char *const names[STORAGE_KINDS] = {
		[STORAGE_LIST] = "LIST",
		[STORAGE_GET] = "GET",
		[STORAGE_PUT] = "PUT",
		[STORAGE_DELETE] = "DELETE",
	};

	return names[kind];
}

const char *
storage_verdict_name(enum storage_verdict verdict)
{
	static const char *const names[STORAGE_VERDICTS] = {
		[STORAGE_OK] = "ok",
		[STORAGE_GONE] = "gone",
		[STORAGE_CHANGED] = "changed",
		[STORAGE_HELD] = "held",
		[STORAGE_DENIED] = "denied",
		[STORAGE_THROTTLED] = "throttled",
		[STORAGE_FAILED] = "failed",
		[STORAGE_CANCELLED] = "cancelled",
	};

	return names[verdict];
}
