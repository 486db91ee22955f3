/* SPDX-License-Identifier: MIT */
/*
 * A target without a fuzzer: every seed of its folder, in the order of their
 * names, and then every beginning of every seed (parsers fail at ends).  It
 * speaks TAP, one test a seed; the name is said before it runs, so that a
 * crash tells whose it is.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "tests/fuzz/fuzz.h"

/* Beginnings of a longer seed cost a second and find nothing new. */
enum { SEED_MAX = 64 * 1024, BEGINNINGS_MAX = 4096 };

static int
is_seed(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* From a copy of just that size: one byte too far is then seen. */
static void
try_bytes(const uint8_t *bytes, size_t n)
{
	uint8_t *exact = mem_alloc(n > 0 ? n : 1);

	if (n > 0)
		memcpy(exact, bytes, n);
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
}

static int
replay(const char *folder, const char *name)
{
	static uint8_t bytes[SEED_MAX];
	char path[2048];
	FILE *file;
	size_t n, i;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if ((file = fopen(path, "rb")) == NULL)
		return -1;
	n = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	try_bytes(bytes, n);
	for (i = 0; i < n && i < BEGINNINGS_MAX; i++)
		try_bytes(bytes, i);
	return 0;
}

int
main(void)
{
	const char *top = getenv("top_srcdir");
	struct dirent **seeds;
	char folder[1024];
	int n, i, failed = 0;

	snprintf(folder, sizeof(folder), "%s/fixtures/fuzz/%s",
	    top != NULL ? top : ".", fuzz_name);
	n = scandir(folder, &seeds, is_seed, alphasort);
	if (n <= 0) {
		printf("Bail out! no seeds in %s\n", folder);
		return EXIT_FAILURE;
	}
	printf("1..%d\n", n);
	for (i = 0; i < n; i++) {
		int rc;

		printf("# %s: %s\n", fuzz_name, seeds[i]->d_name);
		fflush(stdout);
		rc = replay(folder, seeds[i]->d_name);
		printf("%s %d - %s keeps the laws of %s\n",
		    rc == 0 ? "ok" : "not ok", i + 1, seeds[i]->d_name,
		    fuzz_name);
		failed += rc != 0;
		free(seeds[i]);
	}
	free(seeds);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
