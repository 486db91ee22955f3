/* SPDX-License-Identifier: MIT */
/* profile: defaults from a place, below all that is said. */
#include "sim/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/settings.h"
#include "src/base/buf.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_client.h"

/* gcs-sim LINE; *v borrows from it until the next. */
static int
say(const char *line, struct settings *v, struct err *err)
{
	static char name[] = "gcs-sim", text[400];
	char *words[20], *word;
	int n = 0, operands;

	ck_assert_uint_lt(strlen(line), sizeof(text));
	strcpy(text, line);
	words[n++] = name;
	for (word = strtok(text, " "); word != NULL; word = strtok(NULL, " "))
		words[n++] = word;
	memset(v, 0, sizeof(*v));
	if (opt_parse(&settings_table, SETTINGS_LINE, n, words, v, &operands,
		err) != 0)
		return -1;
	return settings_settle(v, err);
}

static void
takes(const char *line, struct settings *v)
{
	struct err err = ERR_INIT;

	ck_assert_msg(say(line, v, &err) == 0, "%s: %s", line, err.text);
}

/* The row as it stands. */
static void
has(const struct settings *v, const char *name, const char *text)
{
	const struct opt *o = settings_table.rows;
	struct buf got;

	while (strcmp(o->name, name) != 0)
		o++;
	buf_init(&got, 4096);
	opt_format(o, v, &got);
	ck_assert_msg(strcmp(got.data, text) == 0, "%s is '%s', not '%s'", name,
	    got.data, text);
	buf_release(&got);
}

START_TEST(a_profile_is_its_rows)
{
	static const struct {
		const char *profile;
		const char *rows[12][2];
	} profiles[] = {
		{ "local",
		    { { "latency", "0ms" }, { "latency-per-entry", "0s" },
			{ "rtt", "0s" }, { "handshake", "off" },
			{ "write-limit", "off" }, { "read-limit", "off" } } },
		{ "in-region",
		    { { "latency", "37ms" }, { "latency-per-entry", "90us" },
			{ "rtt", "1ms" }, { "handshake", "tls" },
			{ "write-limit", "1000/s" }, { "read-limit", "5000/s" },
			{ "burst", "1000" } } },
		{ "eu-west1-2020",
		    { { "latency", "63ms" }, { "latency-per-entry", "90us" },
			{ "rtt", "42ms" }, { "handshake", "tls" },
			{ "write-limit", "1000/s" }, { "read-limit", "5000/s" },
			{ "burst", "1000" } } },
	};
	struct settings v;
	char line[64];
	size_t i, k;

	for (i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++) {
		ck_assert_str_eq(profile_names[i], profiles[i].profile);
		snprintf(line, sizeof(line), "--profile %s",
		    profiles[i].profile);
		takes(line, &v);
		for (k = 0; profiles[i].rows[k][0] != NULL; k++)
			has(&v, profiles[i].rows[k][0], profiles[i].rows[k][1]);
	}
	ck_assert_ptr_null(profile_names[i]);
}
END_TEST

START_TEST(what_is_said_holds_row_by_row)
{
	struct settings v;

	takes("--profile eu-west1-2020 --rtt 10ms --latency-list 99ms", &v);
	has(&v, "rtt", "10ms");
	has(&v, "latency-list", "99ms");
	has(&v, "latency", "63ms");
	has(&v, "handshake", "tls");
	/* Also before it, and when it is the row's own default. */
	takes("--latency 0 --handshake off --write-limit off "
	      "--profile eu-west1-2020",
	    &v);
	has(&v, "latency", "0ms");
	has(&v, "handshake", "off");
	has(&v, "write-limit", "off");
	has(&v, "read-limit", "5000/s");
	/* And in the environment. */
	setenv("GCS_SIM_LATENCY", "7ms", 1);
	setenv("GCS_SIM_READ_LIMIT", "off", 1);
	takes("--profile in-region", &v);
	has(&v, "latency", "7ms");
	has(&v, "read-limit", "off");
	setenv("GCS_SIM_PROFILE", "eu-west1-2020", 1);
	takes("", &v);
	has(&v, "latency", "7ms");
	has(&v, "rtt", "42ms");
	takes("--profile local", &v);
	has(&v, "rtt", "0s");
	unsetenv("GCS_SIM_LATENCY");
	unsetenv("GCS_SIM_READ_LIMIT");
	unsetenv("GCS_SIM_PROFILE");
}
END_TEST

/* What goes with another option is there to go with. */
START_TEST(a_profile_s_rows_count_as_there_and_as_nobody_s)
{
	static const char *const refused[][2] = {
		{ "--profile mars", "local, in-region, eu-west1-2020" },
		{ "--profile local --rtt 42ms", "--rtt goes with --handshake" },
		{ "--profile local --burst 5", "--burst goes with" },
		{ "--profile local --jitter 10%", "--jitter spreads" },
		{ "--profile in-region --latency 0 --jitter 10%",
		    "--jitter spreads" },
		{ "--profile in-region --write-limit off --read-limit off "
		  "--burst 5",
		    "--burst goes with" },
	};
	struct err err = ERR_INIT;
	struct settings v;
	size_t i;

	takes("--profile in-region --burst 5 --on-limit queue --jitter 10%",
	    &v);
	takes("--profile in-region --multidelete-cost per-request", &v);
	takes("--profile in-region --handshake tcp", &v);
	takes("--profile in-region --handshake off", &v);
	takes("--profile in-region --rtt 0", &v);
	takes("--profile in-region --write-limit off --read-limit off", &v);
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		ck_assert_msg(say(refused[i][0], &v, &err) == -1, "%s",
		    refused[i][0]);
		ck_assert_msg(strstr(err.text, refused[i][1]) != NULL, "%s",
		    err.text);
	}
}
END_TEST

START_TEST(the_first_request_of_a_connection_pays_for_it)
{
	static const char *const targets[] = { "/b/demo/o/x", "/b/demo/o/y",
		"/b/demo/o?maxResults=10" };
	static const uint64_t want[] = { 84000 + 63000, 63000, 63000 + 900 };
	struct sim_world w;
	struct settings v;
	uint64_t began;
	size_t i;

	takes("--profile eu-west1-2020 --registry manifests=0,orphans=20", &v);
	sim_world_start(&w, LOOP_VIRTUAL, &v.opts, 1);
	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		began = loop_now(w.loop);
		sim_client_get(w.client, "GET", targets[i]);
		ck_assert_uint_eq(loop_now(w.loop) - began, want[i]);
	}
	sim_client_hang_up(w.client);
	began = loop_now(w.loop);
	sim_client_get(w.client, "GET", targets[0]);
	ck_assert_uint_eq(loop_now(w.loop) - began, want[0]);
	sim_world_stop(&w);
}
END_TEST

int
main(void)
{
	return suite_run("sim_profile", a_profile_is_its_rows,
	    what_is_said_holds_row_by_row,
	    a_profile_s_rows_count_as_there_and_as_nobody_s,
	    the_first_request_of_a_connection_pays_for_it, NULL);
}
