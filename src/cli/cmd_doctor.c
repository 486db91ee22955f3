/* SPDX-License-Identifier: MIT */
/*
 * gcsweep doctor: looks at everything that a collection needs, in the order in
 * which it needs it, and says what to do about what is missing.  It goes on as
 * far as it can, and changes nothing.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/loop.h"
#include "src/cli/commands.h"
#include "src/cli/doctor.h"
#include "src/cli/login.h"
#include "src/cli/output.h"
#include "src/cli/target.h"
#include "src/gcs/ask.h"
#include "src/registry/paths.h"

/* Round trips that are timed, an odd number of them. */
enum { LATENCIES = 5 };

struct doctor {
	const struct options *opts;
	const struct target *target;
	struct loop *loop;
	struct login login;
	struct gcs_ask *ask;
	struct gcs_asked how; /* the latest question */
	struct paths paths;
	uint64_t counts[FINDING_LEVELS];
	enum err_code cause; /* of the first failure */
};

/* --- saying it --- */

static void
print_json(const struct finding *f)
{
	output_json(json_pack("{s:s, s:i, s:s, s:s, s:o, s:o}", "type",
	    "finding", "schema", 1, "level", finding_level_name(f->level),
	    "what", f->what, "finding", output_string(f->text), "advice",
	    f->advice[0] != '\0' ? output_string(f->advice) : json_null()));
}

static void
print_text(const struct finding *f)
{
	printf("%-5s %s: ", finding_level_name(f->level), f->what);
	output_name(stdout, f->text);
	if (f->advice[0] != '\0') {
		fputs("; ", stdout);
		output_name(stdout, f->advice);
	}
	putchar('\n');
}

/* Each as soon as it is known: the next may have to wait. */
static void
report(struct doctor *d, const struct finding *f)
{
	if (f->level == FINDING_FAIL && d->counts[FINDING_FAIL] == 0)
		d->cause = f->code;
	d->counts[f->level]++;
	if (d->opts->json)
		print_json(f);
	else
		print_text(f);
	fflush(stdout);
}

/* --- the way there --- */

/* The proxy's URL may hold a password: its variable alone is named. */
static const char *
find_proxy(bool is_secure)
{
	static const char *const names[] = { "https_proxy", "HTTPS_PROXY",
		"all_proxy", "ALL_PROXY" };
	const char *value;
	size_t i;

	for (i = 0; is_secure && i < sizeof(names) / sizeof(names[0]); i++) {
		value = getenv(names[i]);
		if (value != NULL && value[0] != '\0')
			return names[i];
	}
	return NULL;
}

static void
check_where(struct doctor *d)
{
	const struct where *w = &d->login.where;
	struct finding f = { .what = "where" };
	const char *proxy = find_proxy(w->is_secure), *unless = "";

	if (proxy != NULL &&
	    (getenv("no_proxy") != NULL || getenv("NO_PROXY") != NULL))
		unless = ", unless NO_PROXY says otherwise";
	finding_set(&f, FINDING_OK, "%s%s, bucket %s, by %s%s%s",
	    w->is_emulator ? "the emulator " : "", w->base, d->target->bucket,
	    proxy != NULL ? "the proxy of " : "no proxy",
	    proxy != NULL ? proxy : "", unless);
	report(d, &f);
}

/* --- the bucket --- */

static void
advise_on_bucket(const struct doctor *d, const struct err *err,
    struct finding *f)
{
	switch (err->code) {
	case ERR_NOT_FOUND:
		finding_advise(f,
		    "see what there is with: gcloud storage buckets list");
		break;
	case ERR_AUTH:
		finding_advise(f, "see the credential above");
		break;
	case ERR_NET:
		finding_advise(f,
		    d->login.where.is_emulator
			? "does an emulator run there?"
			: "is there a way out to it, perhaps by a proxy?");
		break;
	case ERR_THROTTLED:
		finding_advise(f, "run again later");
		break;
	default:
		break;
	}
}

/* The bucket's resource.  Who may not read it can still collect. */
static bool
check_bucket(struct doctor *d)
{
	struct finding f = { .what = "reachable" };
	struct gcs_bucket bucket;
	struct err err = ERR_INIT;
	size_t i;

	if (gcs_ask_bucket(d->ask, &bucket, &d->how, &err) != 0) {
		finding_fail(&f, &err);
		advise_on_bucket(d, &err, &f);
		if (err.code == ERR_DENIED)
			f.level = FINDING_WARN;
		report(d, &f);
		return err.code == ERR_DENIED;
	}
	finding_set(&f, FINDING_OK, "bucket %s answers", d->target->bucket);
	report(d, &f);
	for (i = 0; i < DOCTOR_POLICIES; i++) {
		doctor_policy(i, &bucket, d->target->bucket, &f);
		report(d, &f);
	}
	return true;
}

static void
check_permissions(struct doctor *d)
{
	struct finding f = { .what = "permissions" };
	bool has[DOCTOR_PERMISSIONS];
	struct err err = ERR_INIT;
	size_t i;

	if (gcs_ask_permissions(d->ask, doctor_permissions, has,
		DOCTOR_PERMISSIONS, &d->how, &err) != 0) {
		finding_fail(&f, &err);
		report(d, &f);
		return;
	}
	for (i = 0; i < DOCTOR_PERMISSIONS; i++) {
		doctor_permission(i, has[i], d->target->bucket, NULL, &f);
		report(d, &f);
	}
}

static void
check_registry(struct doctor *d)
{
	struct finding f = { .what = "registry" };
	const char *prefix = d->paths.prefix;
	struct err err = ERR_INIT;
	bool is_any = false;

	if (gcs_ask_any(d->ask, prefix, &is_any, &d->how, &err) != 0) {
		finding_fail(&f, &err);
	} else if (is_any) {
		finding_set(&f, FINDING_OK, "there is one at %s", prefix);
	} else {
		finding_set(&f, FINDING_WARN, "nothing is at %s", prefix);
		finding_advise(&f, "its root goes in gs://%s/ROOT",
		    d->target->bucket);
	}
	report(d, &f);
}

/* --- the server --- */

static void
check_clock(struct doctor *d)
{
	struct finding f;

	doctor_clock(d->how.date_s, d->how.wall_us, &f);
	report(d, &f);
}

/* What is answered does not matter here, but that it is. */
static void
check_latency(struct doctor *d)
{
	uint64_t took_us[LATENCIES];
	struct gcs_bucket ignored;
	struct err err = ERR_INIT;
	struct finding f;
	size_t n = 0;
	int i;

	for (i = 0; i < LATENCIES; i++) {
		if (gcs_ask_bucket(d->ask, &ignored, &d->how, &err) != 0 &&
		    d->how.status == 0)
			continue;
		took_us[n++] = d->how.took_us;
	}
	if (n > 0) {
		doctor_latency(took_us, n, &f);
		report(d, &f);
	}
}

static void
check_protocol(struct doctor *d)
{
	struct finding f = { .what = "protocol" };

	finding_set(&f, FINDING_OK, "HTTP/1.1%s",
	    d->login.where.is_secure
		? " over TLS 1.2 or newer, the certificate verified"
		: ", in plain text");
	report(d, &f);
}

/* --- the story --- */

static void
open_ask(struct doctor *d)
{
	struct gcs_ask_opts opts = {
		.base = d->login.where.base,
		.bucket = d->target->bucket,
	};

	d->ask = gcs_ask_open(d->loop, &opts);
}

static void
examine(struct doctor *d)
{
	check_where(d);
	open_ask(d);
	if (!check_bucket(d))
		return;
	check_permissions(d);
	check_registry(d);
	check_clock(d);
	check_latency(d);
	check_protocol(d);
}

static void
conclude(const struct doctor *d, enum status status)
{
	const uint64_t *n = d->counts;

	if (d->opts->json) {
		output_json(json_pack("{s:s, s:i, s:I, s:I, s:I, s:i}", "type",
		    "diagnosis", "schema", 1, "ok", (json_int_t)n[FINDING_OK],
		    "warnings", (json_int_t)n[FINDING_WARN], "failures",
		    (json_int_t)n[FINDING_FAIL], "status", (int)status));
		return;
	}
	printf("%" PRIu64 " ok, %" PRIu64 " warning%s, %" PRIu64 " failure%s\n",
	    n[FINDING_OK], n[FINDING_WARN], output_plural(n[FINDING_WARN]),
	    n[FINDING_FAIL], output_plural(n[FINDING_FAIL]));
}

static enum status
run_doctor(struct doctor *d)
{
	enum status status;

	d->loop = loop_new(LOOP_REAL);
	examine(d);
	status = status_of(d->cause);
	conclude(d, status);
	gcs_ask_close(d->ask);
	loop_free(d->loop);
	return status;
}

enum status
cmd_doctor(const struct options *opts, int argc, char **argv)
{
	struct doctor d = { .opts = opts };
	struct err err = ERR_INIT;
	struct target target = { 0 };
	enum status status;

	if (target_parse(&target, argc, argv, &err) != 0 ||
	    paths_init(&d.paths, target.root, &err) != 0 ||
	    login_choose(&d.login, opts, &err) != 0) {
		status = status_of(err.code);
		output_error(&err, opts->json);
	} else {
		d.target = &target;
		status = run_doctor(&d);
	}
	paths_release(&d.paths);
	target_release(&target);
	return status;
}
