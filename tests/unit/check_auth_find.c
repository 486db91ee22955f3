/* SPDX-License-Identifier: MIT */
/* cred_find: Google's order, and a clear word on what is named but useless. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/auth/guard.h"
#include "tests/unit/auth_world.h"

#define USER(id)                                                     \
	"{\"type\":\"authorized_user\",\"client_id\":\"" id "\","    \
	"\"client_secret\":\"SECRET-client\","                       \
	"\"refresh_token\":\"SECRET-refresh\",\"quota_project_id\":" \
	"\"of-file\"}"

/* The variables that a search may see. */
struct env {
	const char *pairs[10][2];
	size_t n;
};

static char dir[] = "/tmp/check_auth_find_XXXXXX";
static char option[64], named[64], config[64], known[128], home[128];

static const char *
look(void *arg, const char *name)
{
	const struct env *env = arg;
	size_t i;

	for (i = 0; i < env->n; i++) {
		if (strcmp(env->pairs[i][0], name) == 0)
			return env->pairs[i][1];
	}
	return NULL;
}

static void
set(struct env *env, const char *name, const char *value)
{
	env->pairs[env->n][0] = name;
	env->pairs[env->n++][1] = value;
}

static void
write_file(const char *path, const char *text, mode_t mode)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
	ck_assert_int_eq(chmod(path, mode), 0);
}

static void
setup(void)
{
	strcpy(dir + strlen(dir) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(option, sizeof(option), "%s/option.json", dir);
	snprintf(named, sizeof(named), "%s/named.json", dir);
	snprintf(config, sizeof(config), "%s/config", dir);
	mkdir(config, 0700);
	snprintf(known, sizeof(known),
	    "%s/application_default_credentials.json", config);
	snprintf(home, sizeof(home),
	    "%s/.config/gcloud/application_default_credentials.json", dir);
}

static void
teardown(void)
{
	char path[128];

	unlink(option);
	unlink(named);
	unlink(known);
	unlink(home);
	rmdir(config);
	snprintf(path, sizeof(path), "%s/.config/gcloud", dir);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/.config", dir);
	rmdir(path);
	ck_assert_int_eq(rmdir(dir), 0);
}

static struct cred *
find(struct env *env, struct cred_opts *opts, struct err *err)
{
	err_clear(err);
	opts->env = look;
	opts->env_arg = env;
	return cred_find(opts, err);
}

/* Of five places any may be there; the first one that is there wins. */
START_TEST(the_first_place_of_googles_order_wins)
{
	struct err err;
	unsigned there;

	setup();
	for (there = 0; there < 16; there++) {
		struct env env = { .n = 0 };
		struct cred_opts opts = { .file = NULL };
		struct cred *c;

		unlink(known);
		write_file(option, USER("1"), 0600);
		write_file(named, USER("2"), 0600);
		if (there & 1)
			opts.file = option;
		set(&env, "GOOGLE_ACCESS_TOKEN", there & 2 ? "tok" : "");
		set(&env, "GOOGLE_APPLICATION_CREDENTIALS",
		    there & 4 ? named : "");
		if (there & 8)
			write_file(known, USER("3"), 0600);
		set(&env, "CLOUDSDK_CONFIG", config);
		c = find(&env, &opts, &err);
		ck_assert_msg(c != NULL, "%u: %s", there, err.text);
		ck_assert_int_eq(cred_kind(c),
		    (there & 3) == 2 ? CRED_TOKEN
			: there == 0 ? CRED_METADATA
				     : CRED_USER);
		ck_assert_ptr_nonnull(strstr(cred_source(c),
		    there & 1       ? option
			: there & 2 ? "GOOGLE_ACCESS_TOKEN, since"
			: there & 4 ? named
			: there & 8 ? known
				    : "this machine, "));
		cred_free(c);
	}
	teardown();
}
END_TEST

START_TEST(gclouds_file_is_looked_for_at_home)
{
	struct env env = { .n = 0 };
	struct cred_opts opts = { .file = NULL };
	struct err err;
	struct cred *c;
	char path[128];

	setup();
	snprintf(path, sizeof(path), "%s/.config", dir);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/.config/gcloud", dir);
	mkdir(path, 0700);
	write_file(home, USER("1"), 0600);
	set(&env, "CLOUDSDK_CONFIG", "");
	set(&env, "HOME", dir);
	c = find(&env, &opts, &err);
	ck_assert_ptr_nonnull(c);
	ck_assert_int_eq(cred_kind(c), CRED_USER);
	cred_free(c);
	/* What is there and cannot be used is not passed over. */
	write_file(home, "{}", 0600);
	ck_assert_ptr_null(find(&env, &opts, &err));
	ck_assert_int_eq(err.code, ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(err.text, home));
	teardown();
}
END_TEST

START_TEST(what_is_named_and_not_there_is_an_error)
{
	struct env env = { .n = 0 };
	struct cred_opts opts = { .file = NULL };
	struct err err;

	setup();
	set(&env, "GOOGLE_APPLICATION_CREDENTIALS", named);
	ck_assert_ptr_null(find(&env, &opts, &err));
	ck_assert_int_eq(err.code, ERR_CONFIG);
	ck_assert_ptr_nonnull(
	    strstr(err.text, "GOOGLE_APPLICATION_CREDENTIALS: /"));
	ck_assert_ptr_nonnull(strstr(err.text, "No such file"));
	opts.file = dir;
	ck_assert_ptr_null(find(&env, &opts, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "not a regular file"));
	ck_assert_ptr_nonnull(strstr(err.text, "--credentials: /"));
	env.n = 0;
	opts.file = NULL;
	set(&env, "GOOGLE_ACCESS_TOKEN", "two words");
	ck_assert_ptr_null(find(&env, &opts, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "GOOGLE_ACCESS_TOKEN"));
	ck_assert_ptr_null(strstr(err.text, "two words"));
	env.n = 0;
	set(&env, "GCE_METADATA_HOST", "host/with/path");
	ck_assert_ptr_null(find(&env, &opts, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "GCE_METADATA_HOST"));
	teardown();
}
END_TEST

START_TEST(a_fifo_and_a_large_file_are_refused_at_once)
{
	struct env env = { .n = 0 };
	struct cred_opts opts = { .file = NULL };
	struct err err;
	char text[65538];

	setup();
	ck_assert_int_eq(mkfifo(option, 0600), 0);
	opts.file = option;
	ck_assert_ptr_null(find(&env, &opts, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "not a regular file"));
	unlink(option);
	memset(text, ' ', sizeof(text));
	text[65537] = '\0';
	write_file(option, text, 0600);
	ck_assert_ptr_null(find(&env, &opts, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "larger than 65536"));
	text[65536] = '\0';
	memcpy(text, USER("1"), strlen(USER("1")));
	write_file(option, text, 0600);
	cred_free(find(&env, &opts, &err));
	ck_assert_int_eq(err.code, ERR_NONE);
	teardown();
}
END_TEST

static void
on_warning(void *arg, const char *text)
{
	snprintf(arg, 512, "%s", text);
}

START_TEST(a_file_that_others_read_warns_and_is_refused_when_strict)
{
	static const mode_t modes[] = { 0600, 0400, 0640, 0604, 0620, 0666 };
	struct env env = { .n = 0 };
	struct err err;
	size_t i;

	setup();
	write_file(option, USER("1"), 0600);
	for (i = 0; i < 2 * sizeof(modes) / sizeof(modes[0]); i++) {
		mode_t mode = modes[i / 2];
		char text[512] = "";
		struct cred_opts opts = { .file = option,
			.is_strict = i % 2,
			.on_warning = on_warning,
			.warning_arg = text };
		bool is_open = (mode & 077) != 0;
		struct cred *c;

		chmod(option, mode);
		c = find(&env, &opts, &err);
		ck_assert_int_eq(c == NULL, is_open && i % 2 == 1);
		ck_assert_int_eq(text[0] != '\0', is_open && i % 2 == 0);
		if (c == NULL)
			ck_assert_ptr_nonnull(strstr(err.text, "chmod 600"));
		if (text[0] != '\0')
			ck_assert_ptr_nonnull(strstr(text, option));
		cred_free(c);
	}
	teardown();
}
END_TEST

/* A registry's configuration may hold a credential, or name a file. */
START_TEST(a_text_is_a_credential_before_all_that_the_environment_says)
{
	struct env env = { .n = 0 };
	struct cred_opts opts = { .text = USER("of-text"),
		.text_by = "config.yml:3: storage.gcs.credentials" };
	struct err err;
	struct cred *c;

	setup();
	set(&env, "GOOGLE_ACCESS_TOKEN", "token");
	c = find(&env, &opts, &err);
	ck_assert_ptr_nonnull(c);
	ck_assert_int_eq(cred_kind(c), CRED_USER);
	ck_assert_str_eq(cred_source(c), opts.text_by);
	cred_free(c);
	opts.is_strict = true;
	opts.text_mode = 0644;
	ck_assert_ptr_null(find(&env, &opts, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "run chmod 600"));
	ck_assert_ptr_eq(strstr(err.text, opts.text_by), err.text);
	opts.text = "{\"type\":\"SECRET\",";
	ck_assert_ptr_null(find(&env, &opts, &err));
	ck_assert_int_eq(err.code, ERR_CONFIG);
	ck_assert_ptr_eq(strstr(err.text, opts.text_by), err.text);
	ck_assert_ptr_null(strstr(err.text, "SECRET"));
	opts.file = named;
	opts.file_by = "config.yml:2: storage.gcs.keyfile";
	ck_assert_ptr_null(find(&env, &opts, &err));
	ck_assert_ptr_eq(strstr(err.text, opts.file_by), err.text);
	ck_assert_ptr_nonnull(strstr(err.text, "No such file"));
	teardown();
}
END_TEST

START_TEST(the_quota_project_is_the_options_then_the_variables_then_the_files)
{
	struct env env = { .n = 0 };
	struct cred_opts opts = { .file = option };
	struct err err;
	struct cred *c;

	setup();
	write_file(option, USER("1"), 0600);
	c = find(&env, &opts, &err);
	ck_assert_str_eq(cred_quota_project(c), "of-file");
	cred_free(c);
	set(&env, "GOOGLE_CLOUD_QUOTA_PROJECT", "of-env");
	c = find(&env, &opts, &err);
	ck_assert_str_eq(cred_quota_project(c), "of-env");
	cred_free(c);
	opts.quota_project = "of-option";
	c = find(&env, &opts, &err);
	ck_assert_str_eq(cred_quota_project(c), "of-option");
	cred_free(c);
	env.n = 0;
	opts.quota_project = NULL;
	set(&env, "GOOGLE_CLOUD_QUOTA_PROJECT", "a\r\nX-Evil: 1");
	ck_assert_ptr_null(find(&env, &opts, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "GOOGLE_CLOUD_QUOTA_PROJECT"));
	teardown();
}
END_TEST

START_TEST(a_universe_of_the_environment_may_not_contradict_the_file)
{
	struct env env = { .n = 0 };
	struct cred_opts opts = { .file = NULL };
	struct err err;
	struct cred *c;

	setup();
	set(&env, "GOOGLE_CLOUD_UNIVERSE_DOMAIN", "cloud.example");
	c = find(&env, &opts, &err);
	ck_assert_str_eq(cred_universe(c), "cloud.example");
	cred_free(c);
	write_file(option, USER("1"), 0600);
	opts.file = option;
	ck_assert_ptr_null(find(&env, &opts, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "valid in googleapis.com"));
	teardown();
}
END_TEST

START_TEST(bad_files_are_refused_by_name_and_without_their_secrets)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "", ": it is empty" },
		{ "\xef\xbb\xbf{}",
		    "it begins with a byte order mark; save it" },
		{ "\xff\xfe{", "it begins with a byte order mark; save it" },
		{ "-----BEGIN PRIVATE KEY-----\nSECRET",
		    ": it is PEM and not JSON; name the whole key file" },
		{ "SECRET", "not JSON (line 1" },
		{ "{\"type\":\"x\",\"type\":\"y\"}", "not JSON" },
		{ "[]", "not a JSON object" },
		{ "{}", "it has no \"type\"" },
		{ "{\"type\":7}", "it has no \"type\"" },
		{ "{\"type\":\"gdch\"}",
		    "type \"gdch\" is unknown; service_account, "
		    "authorized_user, impersonated_service_account and "
		    "external_account are known" },
		{ "{\"type\":\"authorized_user\",\"client_id\":\"\"}",
		    "it has no client_id, client_secret, refresh_token" },
		{ "{\"type\":\"service_account\",\"private_key\":"
		  "\"SECRET\",\"client_email\":\"a\","
		  "\"private_key_id\":\"k\"}",
		    "private_key is no key in PEM" },
		{ "{\"type\":\"service_account\",\"private_key\":\"SECRET\"}",
		    "it has no client_email, private_key_id" },
		{ "{\"type\":\"authorized_user\",\"client_id\":\"c\","
		  "\"client_secret\":\"SECRET\",\"refresh_token\":\"SECRET\","
		  "\"token_uri\":\"http://oauth2.googleapis.com/token\"}",
		    "token_uri is not https" },
		{ "{\"type\":\"authorized_user\",\"client_id\":\"c\","
		  "\"client_secret\":\"SECRET\",\"refresh_token\":\"SECRET\","
		  "\"token_uri\":\"https://u@h/\"}",
		    "token_uri is no URL" },
		{ "{\"type\":\"authorized_user\",\"client_id\":\"c\","
		  "\"client_secret\":\"SECRET\",\"refresh_token\":\"SECRET\","
		  "\"universe_domain\":\"u.example\"}",
		    "no token_uri" },
		{ "{\"type\":\"authorized_user\",\"client_id\":\"c\","
		  "\"client_secret\":\"SECRET\",\"refresh_token\":\"SECRET\","
		  "\"universe_domain\":\"u/evil\"}",
		    "universe_domain" },
		{ "{\"type\":\"authorized_user\",\"client_id\":\"c\","
		  "\"client_secret\":\"SECRET\",\"refresh_token\":\"SECRET\","
		  "\"quota_project_id\":\"p\\r\\nX: y\"}",
		    "quota_project_id" },
		{ "{\"type\":\"impersonated_service_account\","
		  "\"service_account_impersonation_url\":\"http://h/x\","
		  "\"source_credentials\":{}}",
		    "service_account_impersonation_url is not https" },
		{ "{\"type\":\"impersonated_service_account\","
		  "\"service_account_impersonation_url\":\"https://h/x\"}",
		    "no source_credentials" },
		{ "{\"type\":\"impersonated_service_account\","
		  "\"service_account_impersonation_url\":\"https://h/x\","
		  "\"delegates\":[7],\"source_credentials\":{}}",
		    "delegates" },
	};
	struct err err;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		auth_refused(cases[i].text, &err);
		ck_assert_msg(strstr(err.text, cases[i].says) != NULL, "%s",
		    err.text);
		ck_assert_ptr_null(strstr(err.text, "SECRET"));
	}
}
END_TEST

START_TEST(bad_sources_of_external_accounts_are_refused)
{
	static const struct {
		const char *source, *says;
	} cases[] = {
		{ "{\"executable\":{\"command\":\"x\"}}", "runs a program" },
		{ "{\"environment_id\":\"aws1\"}", "is AWS" },
		{ "{\"certificate\":{}}", "client certificate" },
		{ "{}", "either file or url" },
		{ "7", "either file or url" },
		{ "{\"file\":\"f\",\"url\":\"https://h/\"}", "either" },
		{ "{\"url\":\"http://10.0.0.1/\"}", "another machine" },
		{ "{\"url\":\"http://127.0.0.1.evil.example/\"}",
		    "another machine" },
		{ "{\"url\":\"http://[2001:db8::1]/\"}", "another machine" },
		{ "{\"url\":\"ftp://h/\"}", "url is no URL" },
		{ "{\"url\":\"http://127.0.0.1/\",\"headers\":"
		  "{\"authorization\":\"SECRET\"}}",
		    "plain http" },
		{ "{\"url\":\"https://h/\",\"headers\":{\"A\":\"b\\r\\nc\"}}",
		    "printable" },
		{ "{\"url\":\"https://h/\",\"headers\":{\"A b\":\"c\"}}",
		    "printable" },
		{ "{\"url\":\"https://h/\",\"headers\":{\"Host\":\"c\"}}",
		    "not for it to say" },
		{ "{\"url\":\"https://h/\",\"headers\":{\"1\":\"\",\"2\":\"\","
		  "\"3\":\"\",\"4\":\"\",\"5\":\"\",\"6\":\"\",\"7\":\"\"}}",
		    "more than 6" },
		{ "{\"url\":\"https://h/\",\"headers\":[]}", "no object" },
		{ "{\"file\":\"f\",\"format\":{\"type\":\"xml\"}}",
		    "format.type" },
		{ "{\"file\":\"f\",\"format\":{\"type\":\"json\"}}",
		    "subject_token_field_name" },
	};
	struct err err;
	char text[1000];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text),
		    "{\"type\":\"external_account\",\"audience\":\"a\","
		    "\"subject_token_type\":\"t\",\"token_url\":"
		    "\"https://sts/x\",\"credential_source\":%s}",
		    cases[i].source);
		auth_refused(text, &err);
		ck_assert_msg(strstr(err.text, cases[i].says) != NULL, "%s: %s",
		    cases[i].source, err.text);
		ck_assert_ptr_null(strstr(err.text, "SECRET"));
	}
}
END_TEST

START_TEST(only_an_rsa_key_of_2048_bits_is_taken)
{
	const char *bad[] = { auth_short_key, auth_ec_key };
	struct err err;
	json_t *change;
	char *text, *file;
	size_t i;

	for (i = 0; i < 2; i++) {
		change = json_pack("{s:s}", "private_key", bad[i]);
		text = json_dumps(change, 0);
		file = auth_key_file(text);
		auth_refused(file, &err);
		ck_assert_ptr_nonnull(
		    strstr(err.text, i == 0 ? "less than 2048" : "no RSA key"));
		json_decref(change);
		free(text);
		free(file);
	}
}
END_TEST

START_TEST(who_holds_a_secret_leaves_no_core)
{
	struct rlimit limit;

	secret_guard();
	ck_assert_int_eq(getrlimit(RLIMIT_CORE, &limit), 0);
	ck_assert_uint_eq(limit.rlim_cur, 0);
	ck_assert_uint_eq(limit.rlim_max, 0);
}
END_TEST

int
main(void)
{
	auth_make_keys();
	return suite_run("auth find", the_first_place_of_googles_order_wins,
	    gclouds_file_is_looked_for_at_home,
	    what_is_named_and_not_there_is_an_error,
	    a_fifo_and_a_large_file_are_refused_at_once,
	    a_file_that_others_read_warns_and_is_refused_when_strict,
	    a_text_is_a_credential_before_all_that_the_environment_says,
	    the_quota_project_is_the_options_then_the_variables_then_the_files,
	    a_universe_of_the_environment_may_not_contradict_the_file,
	    bad_files_are_refused_by_name_and_without_their_secrets,
	    bad_sources_of_external_accounts_are_refused,
	    only_an_rsa_key_of_2048_bits_is_taken,
	    who_holds_a_secret_leaves_no_core, NULL);
}
