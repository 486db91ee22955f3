/* SPDX-License-Identifier: MIT */
/* A temporary file and a rename. */
#include "src/cli/hgrm.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/buf.h"
#include "src/base/file.h"
#include "src/base/hist.h"
#include "src/base/mem.h"

/* The text has a few hundred lines at most. */
enum { TEXT_MAX = 1024 * 1024 };

/* Microseconds in, milliseconds out. */
enum { UNIT = 1000 };

static int
refuse(const struct hgrm *f, const char *why, struct err *err)
{
	return err_set(err, ERR_CONFIG,
	    "--hgrm: '%.200s' cannot be written: %s", f->path, why);
}

int
hgrm_open(struct hgrm *f, const char *path, struct err *err)
{
	struct buf temp;
	struct stat st;

	*f = (struct hgrm){ .path = path, .fd = -1 };
	if (path == NULL)
		return 0;
	if (path[0] == '\0')
		return err_set(err, ERR_USAGE, "--hgrm needs a file's name");
	/* A rename would put a file in the place of a device, or of the link to
	 * one. */
	if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return refuse(f, "it is no regular file", err);
	buf_init(&temp, 64 * 1024);
	buf_addf(&temp, "%s.XXXXXX", path);
	f->temp = buf_steal(&temp);
	if ((f->fd = mkstemp(f->temp)) == -1) {
		free(f->temp);
		f->temp = NULL;
		return refuse(f, strerror(errno), err);
	}
	file_open_up(f->fd);
	return 0;
}

int
hgrm_write(struct hgrm *f, const struct hist *latency, struct err *err)
{
	struct buf text;
	bool is_written;
	int fd = f->fd;

	if (f->path == NULL)
		return 0;
	buf_init(&text, TEXT_MAX);
	hist_format_hgrm(latency, UNIT, &text);
	is_written = file_write_all(fd, text.data, text.len);
	buf_release(&text);
	f->fd = -1;
	if (close(fd) != 0 || !is_written || rename(f->temp, f->path) != 0)
		return refuse(f, strerror(errno), err);
	free(f->temp);
	f->temp = NULL;
	return 0;
}

void
hgrm_release(struct hgrm *f)
{
	if (f->fd != -1)
		close(f->fd);
	if (f->temp != NULL)
		unlink(f->temp);
	free(f->temp);
	*f = (struct hgrm){ .fd = -1 };
}
