/* SPDX-License-Identifier: MIT */
#include "tests/driver/leak_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/auth/cred.h"
#include "src/auth/token.h"
#include "src/base/loop.h"
#include "src/gcs/gcs.h"
#include "tests/support/raw_server.h"
#include "tests/support/suite.h"
#include "tests/support/tls_server.h"
#include "tests/unit/auth_world.h"

const char *const leak_names[LEAK_ASKERS] = {
	[LEAK_API] = "the API",
	[LEAK_USER] = "a user's token endpoint",
	[LEAK_KEY] = "a key's token endpoint",
	[LEAK_WORKLOAD] = "STS",
	[LEAK_SUBJECT] = "who gives a subject token",
	[LEAK_IAM] = "who gives another account's token",
	[LEAK_METADATA] = "the metadata server",
};

#define ANSWER(token) "{\"access_token\":\"" token "\",\"expires_in\":3599}"

/* Tests are processes of their own. */
static unsigned *count;

void
leak_prepare(void)
{
	count = mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (count == MAP_FAILED)
		abort();
	auth_make_keys();
}

unsigned
leak_count(void)
{
	return *count;
}

/* --- files --- */

static void
write_file(char path[300], const char *folder, const char *name,
    const char *text)
{
	FILE *file;

	snprintf(path, 300, "%s/%s", folder, name);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	fclose(file);
	chmod(path, 0600);
}

static void
add_ca(struct leak_world *w, const struct tls_server *server)
{
	FILE *from = fopen(tls_server_ca_file(server), "r"),
	     *to = fopen(w->ca_file, "a");
	char line[256];

	while (fgets(line, sizeof(line), from) != NULL)
		fputs(line, to);
	fclose(from);
	fclose(to);
}

#define USER(url)                                                      \
	"{\"type\":\"authorized_user\",\"client_id\":\"c\","           \
	"\"client_secret\":\"secret-" CANARY "\",\"refresh_token\":\"" \
	"1//" CANARY "\",\"token_uri\":\"" url "/token\"}"
#define WORKLOAD(source)                                                \
	"{\"type\":\"external_account\",\"audience\":\"//iam/pool\","   \
	"\"subject_token_type\":\"urn:ietf:params:oauth:token-type:jwt" \
	"\",\"token_url\":\"%s/v1/token\",\"credential_source\":{" source "}}"

static void
write_credential(struct leak_world *w)
{
	const char *url = tls_server_url(w->other);
	const char *desk = tls_server_url(w->desk);
	char text[8192], change[512], path[300], *key;

	switch (w->asker) {
	case LEAK_API:
	case LEAK_METADATA:
		return;
	case LEAK_USER:
		snprintf(text, sizeof(text), USER("%s"), url);
		break;
	case LEAK_KEY:
		snprintf(change, sizeof(change), "{\"token_uri\":\"%s/token\"}",
		    url);
		key = auth_key_file(change);
		snprintf(text, sizeof(text), "%s", key);
		free(key);
		break;
	case LEAK_WORKLOAD:
		write_file(path, w->folder, "subject", "subject." CANARY "\n");
		snprintf(text, sizeof(text), WORKLOAD("\"file\":\"%s\""), url,
		    path);
		break;
	case LEAK_SUBJECT:
		snprintf(text, sizeof(text),
		    WORKLOAD("\"url\":\"%s/subject\",\"headers\":{"
			     "\"Authorization\":\"Bearer " CANARY "\"}"),
		    desk, url);
		break;
	case LEAK_IAM:
		snprintf(text, sizeof(text),
		    "{\"type\":\"impersonated_service_account\","
		    "\"service_account_impersonation_url\":\"%s/v1/projects/-/"
		    "serviceAccounts/a@b.c:generateAccessToken\","
		    "\"source_credentials\":" USER("%s") "}",
		    url, desk);
		break;
	default:
		abort();
	}
	write_file(w->file, w->folder, "credential.json", text);
}

/* --- life --- */

void
leak_world_init(struct leak_world *w, enum leak_asker asker)
{
	*w = (struct leak_world){ .asker = asker,
		.folder = "/tmp/leak-XXXXXX" };
	ck_assert_ptr_nonnull(mkdtemp(w->folder));
	snprintf(w->ca_file, sizeof(w->ca_file), "%.200s/ca.pem", w->folder);
	w->loop = loop_new(LOOP_VIRTUAL);
	w->api = tls_server_start(w->loop);
	w->desk = tls_server_start(w->loop);
	w->other = tls_server_start(w->loop);
	w->trap = tls_server_start(w->loop);
	w->plain_trap = raw_server_start(w->loop);
	w->metadata = raw_server_start(w->loop);
	raw_server_answer(tls_server_raw(w->trap), 200, ANSWER("t"));
	raw_server_answer(w->plain_trap, 200, ANSWER("t"));
	raw_server_answer(tls_server_raw(w->desk), 200, ANSWER(CANARY));
	/* A self-signed token is refused once, and exchanged. */
	if (asker == LEAK_KEY)
		raw_server_answer(tls_server_raw(w->api), 401, "");
	if (asker != LEAK_API)
		raw_server_answer(tls_server_raw(w->api), 204, "");
	w->tls_victim = asker == LEAK_API ? w->api
	    : asker == LEAK_METADATA      ? NULL
					  : w->other;
	w->victim = w->tls_victim != NULL ? tls_server_raw(w->tls_victim)
					  : w->metadata;
	write_credential(w);
}

void
leak_world_release(struct leak_world *w)
{
	char path[300];

	unlink(w->file);
	unlink(w->ca_file);
	snprintf(path, sizeof(path), "%.250s/subject", w->folder);
	unlink(path);
	rmdir(w->folder);
	tls_server_stop(w->api);
	tls_server_stop(w->desk);
	tls_server_stop(w->other);
	tls_server_stop(w->trap);
	raw_server_stop(w->plain_trap);
	raw_server_stop(w->metadata);
	loop_free(w->loop);
}

/* --- a run --- */

static const char *
read_environment(void *arg, const char *name)
{
	const struct leak_world *w = arg;

	if (strcmp(name, "GOOGLE_ACCESS_TOKEN") == 0)
		return w->asker == LEAK_API ? "ya29." CANARY : NULL;
	if (strcmp(name, "GCE_METADATA_HOST") == 0)
		return raw_server_url(w->metadata) + strlen("http://");
	return strcmp(name, "CLOUDSDK_CONFIG") == 0 ? "/nonexistent" : NULL;
}

static void
write_ca(struct leak_world *w)
{
	struct tls_server *const servers[] = { w->api, w->desk, w->other,
		w->trap };
	size_t i;

	unlink(w->ca_file);
	for (i = 0; i < sizeof(servers) / sizeof(servers[0]); i++) {
		if (!w->mistrusts || servers[i] != w->tls_victim)
			add_ca(w, servers[i]);
	}
}

static void
do_one(struct leak_world *w, struct storage *store, enum storage_kind kind)
{
	struct storage_op op;

	storage_op_init(&op);
	if (kind == STORAGE_LIST)
		storage_ask_list(&op, "", "");
	else
		storage_ask_delete(&op, "object");
	if (kind == STORAGE_DELETE)
		storage_if_generation(&op, 1);
	storage_submit(store, &op);
	ck_assert_ptr_eq(storage_reap(store), &op);
	w->verdict = op.verdict;
	w->err = op.err;
	storage_op_release(&op);
}

void
leak_run(struct leak_world *w, enum storage_kind kind)
{
	struct cred_opts cred_opts = { .file = w->file[0] ? w->file : NULL,
		.env = read_environment,
		.env_arg = w };
	struct token_opts token_opts = { .user_agent = "check",
		.ca_file = w->ca_file };
	struct token_source *tokens;
	struct storage *store;
	struct gcs_opts opts;
	struct cred *cred;

	w->err = (struct err)ERR_INIT;
	write_ca(w);
	if ((cred = cred_find(&cred_opts, &w->err)) == NULL) {
		w->verdict = STORAGE_DENIED;
		return;
	}
	tokens = token_open(w->loop, cred, &token_opts);
	gcs_defaults(&opts);
	opts.endpoint = w->endpoint != NULL ? w->endpoint
					    : tls_server_url(w->api);
	opts.ca_file = w->ca_file;
	opts.bucket = "demo";
	opts.tokens = tokens;
	store = gcs_open(w->loop, &opts, &w->err);
	ck_assert_msg(store != NULL, "%s", w->err.text);
	do_one(w, store, kind);
	storage_close(store);
	token_close(tokens);
}

static bool
has_secret(const char *text)
{
	/* All that a key signs begins as {"alg" does in base64. */
	return strstr(text, CANARY) != NULL ||
	    strstr(text, "0123456789") != NULL ||
	    strstr(text, "eyJhbG") != NULL || strstr(text, "PRIVATE") != NULL;
}

void
leak_run_failing(struct leak_world *w, enum storage_kind kind, const char *what)
{
	const char *who = leak_names[w->asker];
	size_t heads;

	leak_run(w, kind);
	heads = raw_server_heads(tls_server_raw(w->api));
	++*count;
	ck_assert_msg(w->verdict != STORAGE_OK, "%s, %s: it succeeded", who,
	    what);
	ck_assert_msg(w->err.text[0] != '\0' && !has_secret(w->err.text),
	    "%s, %s: it says %s", who, what, w->err.text);
	ck_assert_msg(tls_server_connections(w->trap) == 0 &&
		raw_server_connections(w->plain_trap) == 0,
	    "%s, %s: it went into the trap", who, what);
	/* A key signs its own token first, which is refused. */
	ck_assert_msg(w->asker == LEAK_API || heads <= (w->asker == LEAK_KEY),
	    "%s, %s: the API was asked", who, what);
}

void
leak_answer_well(struct leak_world *w)
{
	switch (w->asker) {
	case LEAK_API:
		raw_server_answer(w->victim, 204, "");
		break;
	case LEAK_SUBJECT:
		raw_server_answer(w->victim, 200, "subject");
		break;
	case LEAK_IAM:
		raw_server_answer(w->victim, 200,
		    "{\"accessToken\":\"t\","
		    "\"expireTime\":\"2099-01-01T00:00:00Z\"}");
		break;
	case LEAK_METADATA:
		raw_server_step(w->victim,
		    "HTTP/1.1 200 OK\r\nMetadata-Flavor: Google\r\n"
		    "Content-Length: 20\r\n\r\n{\"access_token\":\"t\"}",
		    0, RAW_KEEP);
		break;
	default:
		raw_server_answer(w->victim, 200, ANSWER("t"));
	}
}
