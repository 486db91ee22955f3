/* SPDX-License-Identifier: MIT */
/* A temporary file and a rename. */
#include "src/cli/result_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/buf.h"
#include "src/base/file.h"

static int
refuse(const struct result_file *f, const char *why, struct err *err)
{
	return err_set(err, ERR_CONFIG, "--%s: '%.200s' cannot be written: %s",
	    f->option, f->path, why);
}

/* Empty, or a result of ours: a plan or a config.yml that is named by a slip is
 * not replaced. */
static bool
is_result(const char *path)
{
	static const char metrics[] = "# HELP gcsweep_";
	static const char hgrm[] = "       Value";
	char start[16] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n;

	if (fd == -1)
		return false;
	n = read(fd, start, sizeof(start) - 1);
	close(fd);
	return n == 0 || strncmp(start, metrics, strlen(metrics)) == 0 ||
	    strncmp(start, hgrm, strlen(hgrm)) == 0;
}

int
result_file_open(struct result_file *f, const char *option, const char *path,
    struct err *err)
{
	struct buf temp;
	struct stat st;

	*f = RESULT_FILE_NONE;
	f->option = option;
	f->path = path;
	if (path == NULL)
		return 0;
	if (path[0] == '\0')
		return err_set(err, ERR_USAGE, "--%s needs a file's name",
		    option);
	/* A rename would put a file in the place of a device, or of the link to
	 * one. */
	if (lstat(path, &st) == 0) {
		if (!S_ISREG(st.st_mode))
			return refuse(f, "it is no regular file", err);
		if (!is_result(path))
			return refuse(f,
			    "it holds something else; name another", err);
	}
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
result_file_write(struct result_file *f, const struct buf *text,
    struct err *err)
{
	bool is_written;
	int fd = f->fd;

	if (fd == -1)
		return 0;
	is_written = file_write_all(fd, text->data, text->len);
	f->fd = -1;
	if (close(fd) != 0 || !is_written || rename(f->temp, f->path) != 0)
		return refuse(f, strerror(errno), err);
	free(f->temp);
	f->temp = NULL;
	return 0;
}

void
result_file_release(struct result_file *f)
{
	if (f->fd != -1)
		close(f->fd);
	if (f->temp != NULL)
		unlink(f->temp);
	free(f->temp);
	*f = RESULT_FILE_NONE;
}
