/* SPDX-License-Identifier: MIT */
/*
 * For shell tests: reads JSON lines on standard input and prints, of each, the
 * values of the keys named, with tabs between.  Ends with 1 at the first line
 * that is not one JSON object with "type" and "schema", or lacks a key.
 *
 *	jsonl [KEY...] <LINES
 *	jsonl --keys <LINES	all keys there are, each once a line
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
complain(unsigned long number, const char *what, const char *detail)
{
	fprintf(stderr, "jsonl: line %lu: %s %s\n", number, what, detail);
	return -1;
}

static int
print_value(const json_t *v)
{
	if (json_is_string(v))
		fputs(json_string_value(v), stdout);
	else if (json_is_integer(v))
		printf("%" JSON_INTEGER_FORMAT, json_integer_value(v));
	else if (json_is_real(v))
		printf("%.12g", json_real_value(v));
	else if (json_is_null(v))
		fputs("null", stdout);
	else
		return -1;
	return 0;
}

static int
print_keys(json_t *o)
{
	const char *key;
	json_t *v;

	json_object_foreach (o, key, v)
		puts(key);
	return 0;
}

static int
print_values(json_t *o, char **keys, unsigned long number)
{
	int i;

	for (i = 0; keys[i] != NULL; i++) {
		if (i > 0)
			putchar('\t');
		if (print_value(json_object_get(o, keys[i])) != 0)
			return complain(number,
			    "no such plain value:", keys[i]);
	}
	if (i > 0)
		putchar('\n');
	return 0;
}

static int
read_line(const char *line, char **keys, unsigned long number)
{
	json_error_t error;
	json_t *o = json_loads(line, JSON_REJECT_DUPLICATES, &error);
	int rc;

	if (!json_is_object(o))
		rc = complain(number, "not one JSON object:", error.text);
	else if (!json_is_string(json_object_get(o, "type")) ||
	    !json_is_integer(json_object_get(o, "schema")))
		rc = complain(number, "no type, or no schema:", line);
	else if (keys[0] != NULL && strcmp(keys[0], "--keys") == 0)
		rc = print_keys(o);
	else
		rc = print_values(o, keys, number);
	json_decref(o);
	return rc;
}

int
main(int argc, char **argv)
{
	unsigned long number = 0;
	char *line = NULL;
	size_t size = 0;
	int rc = 0;

	if (argc < 1)
		return EXIT_FAILURE;
	while (rc == 0 && getline(&line, &size, stdin) > 0)
		rc = read_line(line, argv + 1, ++number);
	free(line);
	if (rc == 0 && number == 0)
		rc = complain(number, "nothing", "to read");
	return rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
