/* SPDX-License-Identifier: MIT */
/*
 * A fresh key, in the format that Google's clients read.  A file that is there
 * is never touched: it may be somebody's only copy of another key.
 */
#include "sim/keygen.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "sim/authority_file.h"
#include "sim/authority_key.h"
#include "sim/json_out.h"
#include "src/base/buf.h"
#include "src/base/file.h"
#include "src/base/str.h"

enum { PEM_MAX = 8192 };

#define AT(member) .offset = offsetof(struct keygen_opts, member), .mask = 1

static const struct opt rows[] = {
	{ .name = "email",
	    .type = OPT_STRING,
	    AT(email),
	    .def = "sweeper@gcs-sim.iam.gserviceaccount.com",
	    .arg = "EMAIL",
	    .help = "the service account that the key is of" },
	{ .name = "token-uri",
	    .type = OPT_STRING,
	    AT(token_uri),
	    .def = "https://oauth2.googleapis.com/token",
	    .arg = "URL",
	    .help = "where a client exchanges what it has signed" },
	{ .name = "out",
	    .type = OPT_STRING,
	    AT(out),
	    .arg = "FILE",
	    .help = "make that file, with mode 0600; else the key goes to "
		    "standard output" },
	{ .name = "help",
	    .letter = 'h',
	    .type = OPT_ACTION,
	    AT(help),
	    .help = "print this and exit" },
	{ .name = "version",
	    .type = OPT_ACTION,
	    AT(version),
	    .help = "print the version and exit" },
	{ .name = NULL },
};

const struct opt_table keygen_table = { rows, "GCS_SIM_KEYGEN_" };

static int
check(const struct keygen_opts *opts, struct err *err)
{
	const char *email = opts->email;

	if (strchr(email, '@') == NULL || strpbrk(email, " \t") != NULL)
		return err_set(err, ERR_USAGE,
		    "--email '%.80s': want an address such as "
		    "sweeper@project.iam.gserviceaccount.com",
		    email);
	if (!str_starts(opts->token_uri, "https://") &&
	    !str_starts(opts->token_uri, "http://"))
		return err_set(err, ERR_USAGE,
		    "--token-uri '%.80s': want a URL such as "
		    "https://oauth2.googleapis.com/token",
		    opts->token_uri);
	if (opts->out != NULL && opts->out[0] == '\0')
		return err_set(err, ERR_USAGE,
		    "--out '': want the name of a file");
	return 0;
}

/* The middle of sweeper@PROJECT.iam.gserviceaccount.com. */
static void
add_project(const char *email, struct buf *out)
{
	const char *at = strchr(email, '@') + 1;

	buf_add(out, at, strcspn(at, "."));
}

static int
make(const struct keygen_opts *opts, struct buf *out, struct err *err)
{
	char id[AUTHORITY_KEY_ID + 1];
	struct authority_file file = { .email = opts->email,
		.token_uri = opts->token_uri,
		.key_id = id };
	struct buf pem, project;
	struct json_out w;
	int rc;

	buf_init(&pem, PEM_MAX);
	buf_init(&project, PEM_MAX);
	rc = authority_key_make(&pem, id, err);
	if (rc == 0) {
		add_project(opts->email, &project);
		file.pem = pem.data;
		file.project = project.data;
		json_init(&w, out, true, NULL);
		authority_file_add(&file, &w);
		json_end(&w);
	}
	buf_release(&project);
	buf_release(&pem);
	return rc;
}

static int
refuse(const char *path, int error, struct err *err)
{
	if (error == EEXIST)
		return err_set(err, ERR_CONFIG,
		    "%s is there already, and is left as it is; remove it, or "
		    "name another --out",
		    path);
	return err_set(err, ERR_CONFIG, "cannot write %s: %s", path,
	    strerror(error));
}

static int
write_file(const char *path, const struct buf *text, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int error = 0;

	if (fd == -1)
		return refuse(path, errno, err);
	if (!file_write_all(fd, text->data, text->len))
		error = errno;
	if (close(fd) != 0 && error == 0)
		error = errno;
	if (error == 0)
		return 0;
	unlink(path);
	return refuse(path, error, err);
}

int
keygen_run(const struct keygen_opts *opts, struct buf *out, struct err *err)
{
	struct buf text;
	int rc = check(opts, err);

	if (rc != 0 || opts->out == NULL)
		return rc != 0 ? rc : make(opts, out, err);
	buf_init(&text, 4 * PEM_MAX);
	rc = make(opts, &text, err);
	if (rc == 0)
		rc = write_file(opts->out, &text, err);
	buf_release(&text);
	return rc;
}
