/* SPDX-License-Identifier: MIT */
/* Of what is read, the address, the key's id and its public half are kept. */
#include "sim/authority_file.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/authority_priv.h"
#include "sim/json_out.h"
#include "sim/permission.h"
#include "src/base/buf.h"
#include "src/base/mem.h"

static void
add(struct json_out *w, const char *key, const char *text)
{
	json_key(w, key);
	json_str(w, text);
}

void
authority_file_add(const struct authority_file *f, struct json_out *w)
{
	json_open(w, '{');
	add(w, "type", "service_account");
	add(w, "project_id", f->project);
	add(w, "private_key_id", f->key_id);
	add(w, "private_key", f->pem);
	add(w, "client_email", f->email);
	add(w, "client_id", "100000000000000000001");
	add(w, "auth_uri", "https://accounts.google.com/o/oauth2/auth");
	add(w, "token_uri", f->token_uri);
	add(w, "universe_domain", "googleapis.com");
	json_close(w, '}');
}

int
authority_file_read(const char *path, struct buf *out, struct err *err)
{
	FILE *f = fopen(path, "re");
	char piece[4096];
	size_t n;
	int error;

	if (f == NULL)
		return err_set(err, ERR_CONFIG,
		    "cannot read the key file %s: %s", path, strerror(errno));
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0 &&
	    buf_add(out, piece, n) == 0)
		;
	error = ferror(f) ? errno : 0;
	fclose(f);
	if (error != 0)
		return err_set(err, ERR_CONFIG,
		    "cannot read the key file %s: %s", path, strerror(error));
	if (out->full)
		return err_set(err, ERR_CONFIG,
		    "the key file %s has more than %d bytes", path,
		    AUTHORITY_FILE_MAX);
	return 0;
}

static const char *
text_of(const json_t *root, const char *key)
{
	const char *text = json_string_value(json_object_get(root, key));

	return text != NULL ? text : "";
}

/* What is wrong is named by its member, and never quoted: it may be secret. */
static int
take_account(struct authority *a, const json_t *root, uint64_t permissions,
    const char *path, struct err *err)
{
	const char *email = text_of(root, "client_email");
	const char *pem = text_of(root, "private_key");
	struct authority_principal *p;
	struct authority_key *key;

	if (strcmp(text_of(root, "type"), "service_account") != 0)
		return err_set(err, ERR_CONFIG,
		    "%s is no key of a service account: its type is not "
		    "service_account",
		    path);
	if (*email == '\0' || text_of(root, "private_key_id")[0] == '\0')
		return err_set(err, ERR_CONFIG,
		    "%s wants client_email and private_key_id", path);
	key = authority_key_parse(pem, strlen(pem));
	if (key == NULL)
		return err_set(err, ERR_CONFIG,
		    "%s: private_key is no RSA key in PEM", path);
	p = authority_add(a, AUTHORITY_SERVICE_ACCOUNT, email, permissions);
	authority_set_key(a, p, key, text_of(root, "private_key_id"));
	return 0;
}

int
authority_load_account(struct authority *a, const char *spec, struct err *err)
{
	const char *cut = strrchr(spec, '=');
	size_t n = cut != NULL ? (size_t)(cut - spec) : strlen(spec);
	char *path = mem_strndup(spec, n);
	uint64_t permissions = PERMISSION_ALL;
	json_t *root = NULL;
	struct buf bytes;
	int rc = 0;

	buf_init(&bytes, AUTHORITY_FILE_MAX);
	if (cut != NULL)
		rc = permission_parse(cut + 1, &permissions, err);
	if (rc == 0)
		rc = authority_file_read(path, &bytes, err);
	if (rc == 0) {
		root = json_loadb(bytes.data, bytes.len, 0, NULL);
		rc = json_is_object(root)
		    ? take_account(a, root, permissions, path, err)
		    : err_set(err, ERR_CONFIG, "%s is not JSON", path);
	}
	json_decref(root);
	buf_release(&bytes);
	free(path);
	return rc == 0 ? 0 : err_wrap(err, "--service-account");
}
