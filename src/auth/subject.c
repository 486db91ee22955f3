/* SPDX-License-Identifier: MIT */
/*
 * A subject token by plain http is received, not sent: it may come from a server
 * on this machine or its link, as Azure's does, if nothing secret is sent for it.
 */
#include "src/auth/subject.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "src/auth/cred_priv.h"
#include "src/auth/reply.h"
#include "src/base/file.h"
#include "src/base/mem.h"
#include "src/net/url.h"

bool
subject_is_near(const char *url)
{
	struct in6_addr six;
	struct in_addr four;
	char host[64];
	size_t n;
	const char *start = url_host(url, &n);

	if (start == NULL || n >= sizeof(host))
		return false;
	memcpy(host, start, n);
	host[n] = '\0';
	if (inet_pton(AF_INET, host, &four) == 1)
		return (ntohl(four.s_addr) >> 24) == 127 ||
		    (ntohl(four.s_addr) >> 16) == (169 << 8 | 254);
	if (inet_pton(AF_INET6, host, &six) == 1)
		return IN6_IS_ADDR_LOOPBACK(&six) ||
		    IN6_IS_ADDR_LINKLOCAL(&six);
	return strcasecmp(host, "localhost") == 0;
}

/* --- headers of a URL source --- */

static bool
is_header_name(const char *name)
{
	return name[0] != '\0' &&
	    name[strspn(name,
		"abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789-_")] == '\0';
}

static bool
is_header_value(const json_t *value)
{
	const char *s = json_string_value(value);

	if (s == NULL || json_string_length(value) > CRED_TOKEN_MAX)
		return false;
	for (; *s != '\0'; s++) {
		if (*s < ' ' || *s == 0x7f)
			return false;
	}
	return true;
}

static bool
is_one_of(const char *name, const char *const names[])
{
	for (; *names != NULL; names++) {
		if (strcasecmp(name, *names) == 0)
			return true;
	}
	return false;
}

/* NULL, or what is wrong with it. */
static const char *
find_header_fault(const char *name, const json_t *value, bool is_plain)
{
	static const char *const ours[] = { "Host", "Content-Length",
		"Transfer-Encoding", "Connection", "Expect", NULL };
	static const char *const secret[] = { "Authorization", "Cookie",
		"Proxy-Authorization", NULL };

	if (!is_header_name(name) || !is_header_value(value))
		return "has one that is no line of printable text";
	if (is_one_of(name, ours))
		return "has one that is not for it to say";
	if (is_plain && is_one_of(name, secret))
		return "would send a secret by plain http";
	return NULL;
}

static int
take_headers(struct subject *s, const json_t *headers, const char *where,
    struct err *err)
{
	const char *name, *why = NULL;
	json_t *value, *object = json_deep_copy(headers);
	struct buf line;
	size_t n = 0;

	buf_init_secret(&line, 2 * CRED_TOKEN_MAX);
	if (object != NULL && !json_is_object(object))
		why = "is no object";
	else if (json_object_size(object) > HTTP_HEADERS_MAX)
		why = "has more than 6";
	if (why == NULL)
		json_object_foreach (object, name, value) {
			why = find_header_fault(name, value, s->is_plain);
			if (why != NULL)
				break;
			buf_addf(&line, "%s: %s", name,
			    json_string_value(value));
			s->headers[n++] = mem_strdup(line.data);
			buf_clear(&line);
		}
	buf_release(&line);
	json_decref(object);
	if (why != NULL)
		return err_set(err, ERR_CONFIG,
		    "%s: credential_source.headers %s", where, why);
	return 0;
}

/* --- the description --- */

static int
take_format(struct subject *s, const json_t *format, const char *where,
    struct err *err)
{
	const char *type = cred_member(format, "type");
	const char *field = cred_member(format, "subject_token_field_name");

	if (format == NULL || (type != NULL && strcmp(type, "text") == 0))
		return 0;
	if (type == NULL || strcmp(type, "json") != 0)
		return err_set(err, ERR_CONFIG,
		    "%s: credential_source.format.type is neither text nor "
		    "json",
		    where);
	if (field == NULL)
		return err_set(err, ERR_CONFIG,
		    "%s: credential_source.format has no "
		    "subject_token_field_name",
		    where);
	s->field = mem_strdup(field);
	return 0;
}

static int
take_url(struct subject *s, const json_t *source, const char *url,
    const char *where, struct err *err)
{
	s->is_plain = strncmp(url, "http://", 7) == 0;
	if (!s->is_plain) {
		if (cred_check_url(url, where, "credential_source.url", err) !=
		    0)
			return -1;
	} else if (url_path(url) == NULL || !subject_is_near(url)) {
		return err_set(err, ERR_CONFIG,
		    "%s: credential_source.url is plain http to another "
		    "machine; use https",
		    where);
	}
	s->url = mem_strdup(url);
	return take_headers(s, json_object_get(source, "headers"), where, err);
}

int
subject_init(struct subject *s, const json_t *source, const char *where,
    struct err *err)
{
	static const struct {
		const char *member, *why;
	} refused[] = {
		{ "executable",
		    "runs a program, which gcsweep never does; let it write "
		    "its token to a file and name that" },
		{ "environment_id",
		    "is AWS, whose requests gcsweep cannot sign; use a file "
		    "or a URL" },
		{ "certificate",
		    "is a client certificate, which gcsweep cannot show; use "
		    "a file or a URL" },
	};
	const char *file = cred_member(source, "file");
	const char *url = cred_member(source, "url");
	size_t i;

	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		if (json_object_get(source, refused[i].member) != NULL)
			return err_set(err, ERR_CONFIG,
			    "%s: credential_source.%s %s", where,
			    refused[i].member, refused[i].why);
	}
	if ((file == NULL) == (url == NULL))
		return err_set(err, ERR_CONFIG,
		    "%s: credential_source is to have either file or url",
		    where);
	if (take_format(s, json_object_get(source, "format"), where, err) != 0)
		return -1;
	if (url != NULL)
		return take_url(s, source, url, where, err);
	s->file = mem_strdup(file);
	return 0;
}

void
subject_release(struct subject *s)
{
	size_t i;

	for (i = 0; i < HTTP_HEADERS_MAX && s->headers[i] != NULL; i++) {
		explicit_bzero(s->headers[i], strlen(s->headers[i]));
		free(s->headers[i]);
	}
	free(s->file);
	free(s->url);
	free(s->field);
}

/* --- the token --- */

int
subject_parse(const struct subject *s, const char *where, const char *data,
    size_t n, struct buf *out, struct err *err)
{
	const char *text = data;
	json_t *root = NULL;
	const json_t *value;

	buf_clear(out);
	if (s->field != NULL) {
		root = json_loadb(data, n, 0, NULL);
		value = json_object_get(root, s->field);
		text = json_string_value(value);
		n = json_string_length(value);
	}
	while (n > 0 && strchr(" \t\r\n", text[n - 1]) != NULL)
		n--;
	if (text != NULL && reply_is_token(text, n))
		buf_add(out, text, n);
	json_decref(root);
	if (out->len == 0)
		return err_set(err, ERR_CONFIG,
		    "%s: %s holds no subject token%s", where,
		    s->file != NULL ? s->file : s->url,
		    s->field != NULL ? " in the member that is named for it"
				     : "");
	return 0;
}

int
subject_read_file(const struct subject *s, const char *where, struct buf *out,
    struct err *err)
{
	struct buf text;
	unsigned mode;
	int rc;

	buf_init_secret(&text, CRED_FILE_MAX);
	rc = file_load(s->file, &text, &mode, err);
	if (rc == 0) {
		rc = subject_parse(s, where, text.data, text.len, out, err);
	} else {
		err->code = ERR_CONFIG;
		err_wrap(err, "%s: the subject token", where);
	}
	buf_release(&text);
	return rc;
}

void
subject_ask(const struct subject *s, struct cred_turn *turn)
{
	struct http_request *req = turn->req;
	size_t i;

	req->method = HTTP_GET;
	req->url = s->url;
	req->body = NULL;
	req->length = 0;
	req->content_type = NULL;
	req->max_content = CRED_FILE_MAX;
	for (i = 0; i < HTTP_HEADERS_MAX; i++)
		req->headers[i] = s->headers[i];
	req->is_secret = !s->is_plain;
	req->is_direct = s->is_plain;
}
