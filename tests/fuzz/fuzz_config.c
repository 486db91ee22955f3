/* SPDX-License-Identifier: MIT */
/*
 * config: a registry's configuration, and REGISTRY_* on top of it.
 *
 * The input is the file's text; behind a NUL each line is a variable of the
 * environment, NAME=VALUE.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/str.h"
#include "src/cli/config_file.h"
#include "tests/fuzz/fuzz.h"

const char fuzz_name[] = "config";

/* More than there are rows in any input that says something. */
enum { VARIABLES_MAX = 64 };

static void
split_lines(char *text, char *env[VARIABLES_MAX + 1])
{
	size_t n = 0;
	char *line, *rest;

	for (line = strtok_r(text, "\n", &rest);
	     line != NULL && n < VARIABLES_MAX;
	     line = strtok_r(NULL, "\n", &rest))
		env[n++] = line;
	env[n] = NULL;
}

static void
check_value(const struct config_value *v)
{
	LAW(v->text != NULL || v->source == NULL, "nothing stands nowhere");
	LAW(v->source == NULL || str_starts(v->source, "c.yml:") ||
		str_starts(v->source, "REGISTRY_STORAGE"),
	    "a value stands in the file or in a variable");
}

static void
check_credentials(const char *text)
{
	json_t *json = json_loads(text, 0, NULL);

	LAW(json_is_object(json), "credentials are a JSON object");
	json_decref(json);
}

static void
check_config(const struct config_file *c)
{
	const char *root = c->root.text;
	uint64_t n;

	check_value(&c->bucket);
	check_value(&c->root);
	check_value(&c->keyfile);
	check_value(&c->credentials);
	check_value(&c->cache);
	check_value(&c->readonly);
	check_value(&c->max_concurrency);
	LAW(c->bucket.text != NULL && c->bucket.text[0] != '\0',
	    "there is a bucket");
	LAW(root == NULL || (!str_starts(root, "/") && !str_ends(root, "/")),
	    "a root has no slash around it");
	LAW(c->keyfile.text == NULL || c->credentials.text == NULL,
	    "there is one credential");
	if (c->credentials.text != NULL)
		check_credentials(c->credentials.text);
	LAW(str_parse_u64(c->max_concurrency.text, &n) == 0 && n >= 25,
	    "the registry's concurrency is a number");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	size_t n_text = n > 0 ? strnlen((const char *)data, n) : 0;
	char *env[VARIABLES_MAX + 1], *lines = NULL;
	struct err err = ERR_INIT;
	struct config_file c;

	if (n_text < n)
		lines = fuzz_string(data + n_text + 1, n - n_text - 1);
	env[0] = NULL;
	if (lines != NULL)
		split_lines(lines, env);
	if (config_file_parse(&c, (const char *)data, n_text, "c.yml", env,
		&err) == 0)
		check_config(&c);
	else
		fuzz_is_refusal(&err, ERR_CONFIG);
	config_file_release(&c);
	free(lines);
	return 0;
}
