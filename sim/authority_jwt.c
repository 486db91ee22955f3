/* SPDX-License-Identifier: MIT */
/* Three pieces of base64 with dots between; two of them are objects in JSON. */
#include "sim/authority_jwt.h"

#include <jansson.h>
#include <string.h>

#include "sim/base64.h"

static json_t *
parse_piece(const char *text, size_t n)
{
	json_t *root = NULL;
	struct buf plain;

	buf_init(&plain, AUTHORITY_JWT_MAX);
	if (base64_url_parse(&plain, text, n) == 0)
		root = json_loadb(plain.data, plain.len, JSON_REJECT_DUPLICATES,
		    NULL);
	buf_release(&plain);
	if (json_is_object(root))
		return root;
	json_decref(root);
	return NULL;
}

static const char *
text_of(const json_t *from, const char *key)
{
	const char *text = json_string_value(json_object_get(from, key));

	return text != NULL ? text : "";
}

static int64_t
seconds_of(const json_t *from, const char *key)
{
	const json_t *v = json_object_get(from, key);

	return json_is_integer(v) && json_integer_value(v) >= 0
	    ? json_integer_value(v)
	    : -1;
}

static void
read_names(struct authority_jwt *jwt)
{
	jwt->alg = text_of(jwt->head, "alg");
	jwt->kid = text_of(jwt->head, "kid");
	jwt->iss = text_of(jwt->claims, "iss");
	jwt->sub = text_of(jwt->claims, "sub");
	jwt->aud = text_of(jwt->claims, "aud");
	jwt->scope = text_of(jwt->claims, "scope");
	jwt->iat = seconds_of(jwt->claims, "iat");
	jwt->exp = seconds_of(jwt->claims, "exp");
}

int
authority_jwt_parse(struct authority_jwt *jwt, const char *text, size_t n)
{
	const char *first, *second, *end = text + n;

	memset(jwt, 0, sizeof(*jwt));
	buf_init(&jwt->signature, AUTHORITY_JWT_MAX);
	if (n > AUTHORITY_JWT_MAX || (first = memchr(text, '.', n)) == NULL ||
	    (second = memchr(first + 1, '.', (size_t)(end - first - 1))) ==
		NULL)
		return -1;
	jwt->text = text;
	jwt->text_n = (size_t)(second - text);
	jwt->head = parse_piece(text, (size_t)(first - text));
	jwt->claims = parse_piece(first + 1, (size_t)(second - first - 1));
	if (jwt->head == NULL || jwt->claims == NULL)
		return -1;
	read_names(jwt);
	return base64_url_parse(&jwt->signature, second + 1,
	    (size_t)(end - second - 1));
}

void
authority_jwt_release(struct authority_jwt *jwt)
{
	json_decref(jwt->head);
	json_decref(jwt->claims);
	buf_release(&jwt->signature);
}
