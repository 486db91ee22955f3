/* SPDX-License-Identifier: MIT */
/*
 * A program that knows nothing of the house but its installed header, and whose
 * own functions happen to be called as many of the house's: install.sh builds
 * it against both libraries.
 */
#include <gcssim.h>
#include <stdio.h>
#include <string.h>

/* Called by the library they would end the test. */
int buf_init(void);
int err_set(void);
int loop_new(void);
int mem_alloc(void);
int sim_start_on(void);
int settings_parse(void);

static int calls;

int
buf_init(void)
{
	return ++calls;
}

int
err_set(void)
{
	return ++calls;
}

int
loop_new(void)
{
	return ++calls;
}

int
mem_alloc(void)
{
	return ++calls;
}

int
sim_start_on(void)
{
	return ++calls;
}

int
settings_parse(void)
{
	return ++calls;
}

/* Starts, fills, asks and stops. */
static int
try_one(const char *const *settings)
{
	struct gcssim_error err;
	struct gcssim *sim = gcssim_start(settings, &err);
	int rc = 1;

	if (sim == NULL) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	if (gcssim_fill(sim, "demo", "demo", "", &err) != 0)
		fprintf(stderr, "%s\n", err.text);
	else if (strncmp(gcssim_url(sim), "http://127.0.0.1:", 17) != 0)
		fprintf(stderr, "its url is %s\n", gcssim_url(sim));
	else if (gcssim_objects(sim, "demo") != 1079)
		fprintf(stderr, "the demo has not 1079 objects\n");
	else if (gcssim_count(sim, "total") != 0)
		fprintf(stderr, "somebody asked for something\n");
	else
		rc = 0;
	gcssim_stop(sim);
	return rc;
}

int
main(void)
{
	static const char *const good[] = { "latency=42ms", NULL };
	static const char *const bad[] = { "latency=soon", NULL };
	struct gcssim_error err;

	if (try_one(good) != 0)
		return 1;
	if (gcssim_start(bad, &err) != NULL || strstr(err.text, "soon") == NULL)
		return 1;
	if (calls != 0) {
		fprintf(stderr, "the library calls what is ours\n");
		return 1;
	}
	printf("libgcssim %s works\n", gcssim_version());
	return 0;
}
