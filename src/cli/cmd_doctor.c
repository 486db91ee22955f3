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
#include <unistd.h>

#include "src/auth/cred.h"
#include "src/base/loop.h"
#include "src/base/mem.h"
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
	char *authorization;      /* a copy, which is wiped; NULL: nobody's */
	char member[FINDING_MAX]; /* as gcloud names who asks; or "" */
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

/* What to do has a line of its own, below the finding. */
static void
print_text(const struct finding *f)
{
	printf("%-5s %s: ", finding_level_name(f->level), f->what);
	output_name(stdout, f->text);
	putchar('\n');
	if (f->advice[0] != '\0') {
		fputs("      ", stdout);
		output_name(stdout, f->advice);
		putchar('\n');
	}
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
	    w->is_emulator ? "the emulator " : "",
	    w->base[0] != '\0' ? w->base : "Google Cloud Storage",
	    d->target->bucket, proxy != NULL ? "the proxy of " : "no proxy",
	    proxy != NULL ? proxy : "", unless);
	report(d, &f);
}

/* --- as whom --- */

/* Where gcloud leaves what application-default login makes. */
static bool
has_gcloud_file(void)
{
	static const char name[] = "application_default_credentials.json";
	const char *folder = getenv("CLOUDSDK_CONFIG"), *home = getenv("HOME");
	char path[4096];

	if (folder != NULL && folder[0] != '\0')
		snprintf(path, sizeof(path), "%s/%s", folder, name);
	else if (home != NULL)
		snprintf(path, sizeof(path), "%s/.config/gcloud/%s", home,
		    name);
	else
		return false;
	return access(path, F_OK) == 0;
}

/* Who is there in Google's order; the metadata server is no rival, since nobody
 * knows of it before it is asked. */
static void
add_losers(const struct doctor *d, struct finding *f)
{
	const char *token = getenv("GOOGLE_ACCESS_TOKEN");
	const char *file = getenv("GOOGLE_APPLICATION_CREDENTIALS");
	const struct config_file *config = &d->target->config;
	struct doctor_candidate all[] = {
		{ "--credentials", d->opts->credentials != NULL },
		{ "storage.gcs.keyfile", config->keyfile.text != NULL },
		{ "storage.gcs.credentials", config->credentials.text != NULL },
		{ "GOOGLE_ACCESS_TOKEN", token != NULL && token[0] != '\0' },
		{ "GOOGLE_APPLICATION_CREDENTIALS",
		    file != NULL && file[0] != '\0' },
		{ "gcloud's file", has_gcloud_file() },
	};

	doctor_add_losers(all, sizeof(all) / sizeof(all[0]), f);
}

static bool
check_credential(struct doctor *d)
{
	struct finding f = { .what = "credential" };
	const struct cred *c;
	struct err err = ERR_INIT;

	if (login_find(&d->login, d->loop, true, &err) != 0) {
		finding_fail(&f, &err);
		report(d, &f);
		return false;
	}
	c = d->login.cred;
	if (c == NULL) {
		finding_set(&f, FINDING_OK, "none, %s",
		    d->login.where.is_emulator ? "as no emulator is sent one"
					       : "as --credentials none says");
	} else {
		finding_set(&f, FINDING_OK, "%s of %s",
		    cred_kind_name(cred_kind(c)), cred_source(c));
		add_losers(d, &f);
	}
	report(d, &f);
	return true;
}

static void
name_member(struct doctor *d)
{
	const struct cred *c = d->login.cred;
	const char *email = cred_email(c);

	if (email != NULL)
		snprintf(d->member, sizeof(d->member), "%s:%s",
		    cred_kind(c) == CRED_USER ? "user" : "serviceAccount",
		    email);
}

static const char *
how_of(const struct cred *c, uint64_t calls)
{
	if (cred_kind(c) == CRED_TOKEN)
		return "as it was given";
	return calls == 0 ? "made here, nobody was asked" : "granted";
}

/* A login is what a person can renew on the spot. */
static void
advise_on_token(const struct doctor *d, const struct err *err,
    struct finding *f)
{
	if (err->code == ERR_AUTH && cred_kind(d->login.cred) == CRED_USER)
		finding_advise(f,
		    "log in again: gcloud auth application-default login");
}

static bool
check_token(struct doctor *d)
{
	struct finding f = { .what = "token" };
	const char *line, *project;
	struct err err = ERR_INIT;
	uint64_t calls;

	if (d->login.tokens == NULL)
		return true;
	if (login_wait(&d->login, d->loop, NULL, &line, &err) != 0) {
		finding_fail(&f, &err);
		advise_on_token(d, &err, &f);
		report(d, &f);
		return false;
	}
	d->authorization = mem_strdup(line);
	name_member(d);
	calls = login_token_calls(&d->login);
	project = login_quota_project(&d->login);
	finding_set(&f, FINDING_OK, "%s%s, %s%s%s",
	    how_of(d->login.cred, calls),
	    cred_can_refresh(d->login.cred) ? "" : ", and cannot be renewed",
	    d->member[0] != '\0' ? d->member : "for somebody without a name",
	    project != NULL ? ", billed to project " : "",
	    project != NULL ? project : "");
	report(d, &f);
	return true;
}

/* --- the bucket --- */

/* The bucket's resource.  Who may not read it can still collect. */
static bool
check_bucket(struct doctor *d)
{
	struct finding f = { .what = "reachable" };
	struct gcs_bucket bucket;
	struct doctor_way way;
	struct err err = ERR_INIT;
	size_t i;

	if (gcs_ask_bucket(d->ask, &bucket, &d->how, &err) != 0) {
		finding_fail(&f, &err);
		way = (struct doctor_way){
			.is_emulator = d->login.where.is_emulator,
			.has_credential = d->login.cred != NULL,
			.is_answered = d->how.status != 0,
			.proxy = find_proxy(d->login.where.is_secure),
		};
		doctor_advise(&way, &err, &f);
		if (err.code == ERR_DENIED)
			f.level = FINDING_WARN;
		report(d, &f);
		return err.code == ERR_DENIED;
	}
	finding_set(&f, FINDING_OK, "bucket %s answers at %s",
	    d->target->bucket, d->login.where.base);
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
		doctor_permission(i, has[i], d->target->bucket,
		    d->member[0] != '\0' ? d->member : NULL, &f);
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
		.authorization = d->authorization,
		.quota_project = login_quota_project(&d->login),
		.ca_file = d->opts->ca_file,
	};

	d->ask = gcs_ask_open(d->loop, &opts);
}

static void
examine(struct doctor *d)
{
	check_where(d);
	if (!check_credential(d) || !check_token(d))
		return;
	open_ask(d);
	if (!check_bucket(d)) {
		if (d->how.status == 401)
			check_clock(d); /* which may be why */
		return;
	}
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
	if (d->authorization != NULL)
		explicit_bzero(d->authorization, strlen(d->authorization));
	free(d->authorization);
	login_release(&d->login);
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
	    login_choose(&d.login, opts, &target, &err) != 0) {
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
