/* SPDX-License-Identifier: MIT */
/*
 * The table of what an answer means.  A missing bucket must never pass for a
 * missing object (a delete would count as success), and the texts of a server
 * quote the object's name, which may itself contain any word: so the name is
 * taken out of a message before words are looked for in it.
 */
#include "src/gcs/verdict.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "src/gcs/excuse.h"
#include "src/gcs/request.h"
#include "src/net/client.h"
#include "src/storage/answer.h"

/* Of a name, in an error's text; the registry's own are shorter. */
enum { SHOWN_MAX = 240, SHOWN_END = 100 };

/* An answer that is not 2xx, and what it means. */
struct meaning {
	enum storage_verdict verdict;
	enum err_code code;
};

static void
show_name(char *out, size_t size, const struct buf *name)
{
	char *c;

	if (name->len == 0)
		snprintf(out, size, "(everything)");
	else if (name->len <= SHOWN_MAX)
		snprintf(out, size, "%s", name->data);
	else
		snprintf(out, size, "%.*s...%s", SHOWN_MAX - SHOWN_END - 3,
		    name->data, name->data + name->len - SHOWN_END);
	for (c = out; *c != '\0'; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	}
}

void
gcs_answer(struct storage_op *op, enum storage_verdict verdict, int status,
    enum err_code code, const char *why)
{
	char name[SHOWN_MAX + 1];

	show_name(name, sizeof(name), &op->name);
	storage_answer(op, verdict, status, code, "%s %s: %s",
	    storage_kind_name(op->kind), name, why);
}

/* The server's message without the object's name, for looking at words. */
static void
drop_name(char *out, size_t size, const char *message, const struct buf *name)
{
	const char *at = name->len != 0 ? strstr(message, name->data) : NULL;

	if (at == NULL)
		snprintf(out, size, "%s", message);
	else
		snprintf(out, size, "%.*s%s", (int)(at - message), message,
		    at + name->len);
}

/* strstr, whatever the case of ASCII letters. */
static bool
mentions(const char *text, const char *words)
{
	size_t n = strlen(words);

	for (; *text != '\0'; text++) {
		if (strncasecmp(text, words, n) == 0)
			return true;
	}
	return false;
}

static bool
is_about_bucket(const struct storage_op *op, const char *words)
{
	return op->kind == STORAGE_LIST ||
	    mentions(words, "bucket does not exist") ||
	    mentions(words, "no such bucket");
}

static bool
is_about_hold(const struct gcs_excuse *excuse, const char *words)
{
	return strcmp(excuse->reason, "retentionPolicyNotMet") == 0 ||
	    strcmp(excuse->reason, "objectUnderActiveHold") == 0 ||
	    mentions(words, "retention policy") || mentions(words, " hold");
}

static struct meaning
read_403(const struct gcs_excuse *excuse, const char *words)
{
	if (is_about_hold(excuse, words))
		return (struct meaning){ STORAGE_HELD, ERR_DENIED };
	return (struct meaning){ STORAGE_DENIED, ERR_DENIED };
}

static struct meaning
read_404(const struct storage_op *op, const char *words)
{
	if (is_about_bucket(op, words))
		return (struct meaning){ STORAGE_FAILED, ERR_NOT_FOUND };
	return (struct meaning){ STORAGE_GONE, ERR_NOT_FOUND };
}

static struct meaning
read_status(const struct storage_op *op, int status,
    const struct gcs_excuse *excuse, const char *words)
{
	switch (status) {
	case 401:
		return (struct meaning){ STORAGE_DENIED, ERR_AUTH };
	case 403:
		return read_403(excuse, words);
	case 404:
		return read_404(op, words);
	case 412:
		return (struct meaning){ STORAGE_CHANGED, ERR_REFUSED };
	case 429:
	case 503:
		return (struct meaning){ STORAGE_THROTTLED, ERR_THROTTLED };
	default:
		if (status >= 500 || status == 408)
			return (struct meaning){ STORAGE_FAILED, ERR_NET };
		return (struct meaning){ STORAGE_FAILED, ERR_PROTOCOL };
	}
}

/* "; 8 tries", or why there was no second one. */
static void
say_tries(char *out, size_t size, enum retry_verdict verdict, unsigned tries)
{
	*out = '\0';
	if (verdict == RETRY_GIVE_UP && tries < RETRY_MAX_TRIES)
		snprintf(out, size,
		    "; not tried again, since no generation was named");
	else if (tries > 1)
		snprintf(out, size, "; %u tries", tries);
}

/* What the operator can do about it; "" for what is not his to mend. */
static void
say_remedy(char *out, size_t size, const struct storage_op *op,
    const struct gcs_place *place, int status, enum storage_verdict verdict)
{
	static const char *const permissions[STORAGE_KINDS] = {
		[STORAGE_LIST] = "list",
		[STORAGE_GET] = "get",
		[STORAGE_PUT] = "create",
		[STORAGE_DELETE] = "delete",
	};

	*out = '\0';
	if (verdict != STORAGE_DENIED)
		return;
	if (status == 401)
		snprintf(out, size, "; %s",
		    place->has_credentials
			? "the credentials are not accepted"
			: "it wants credentials, and none were sent");
	else
		snprintf(out, size, "; grant storage.objects.%s on %s",
		    permissions[op->kind], place->bucket);
}

static void
answer_status(struct storage_op *op, const struct gcs_place *place,
    const struct http_request *req, const char *tries)
{
	struct gcs_excuse excuse;
	struct meaning meaning;
	char words[sizeof(excuse.message)], remedy[160], why[512];

	gcs_excuse_read(req, &excuse);
	drop_name(words, sizeof(words), excuse.message, &op->name);
	meaning = read_status(op, req->status, &excuse, words);
	say_remedy(remedy, sizeof(remedy), op, place, req->status,
	    meaning.verdict);
	if (meaning.verdict == STORAGE_FAILED && meaning.code == ERR_NOT_FOUND)
		snprintf(why, sizeof(why), "bucket %s does not exist",
		    place->bucket);
	else if (req->status >= 300 && req->status < 400)
		snprintf(why, sizeof(why),
		    "HTTP %d: redirects are never followed", req->status);
	else
		snprintf(why, sizeof(why), "HTTP %d%s%s%s%s%s%s", req->status,
		    excuse.reason[0] ? " " : "", excuse.reason,
		    excuse.message[0] ? ": " : "", excuse.message, tries,
		    remedy);
	gcs_answer(op, meaning.verdict, req->status, meaning.code, why);
}

void
gcs_answer_failure(struct storage_op *op, const struct gcs_place *place,
    const struct http_request *req, enum retry_verdict verdict, unsigned tries)
{
	char tail[64], why[512];
	enum err_code code = ERR_NET;

	say_tries(tail, sizeof(tail), verdict, tries);
	if (req->outcome == HTTP_ANSWERED) {
		answer_status(op, place, req, tail);
		return;
	}
	if (req->outcome == HTTP_TOO_LARGE || req->outcome == HTTP_MALFORMED)
		code = ERR_PROTOCOL;
	else if (req->outcome == HTTP_UNTRUSTED || req->outcome == HTTP_UNSAFE)
		code = ERR_AUTH;
	snprintf(why, sizeof(why), "%s: %s%s", place->base, req->detail, tail);
	gcs_answer(op, STORAGE_FAILED, req->status, code, why);
}
