/* SPDX-License-Identifier: MIT */
/*
 * Where the file is, and whose.
 *
 * A plan is made as FILE.part and gets its name by link(), which never takes
 * another's: whoever is killed leaves no plan or a whole one.  What a run that
 * was killed left as FILE.part is unlinked and never written to, as it may have
 * got its name just before.
 *
 * The lock is the kernel's (of an open file description, on a byte that SQLite
 * never locks), so it ends with its process, and who only reads is not in the
 * way.  The descriptor is closed last of all: closing any descriptor of a file
 * takes SQLite's own locks on it.
 */
#include "src/registry/plan_file_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Far beyond the last page that SQLite may write. */
#define LOCK_AT (INT64_C(1) << 62)

static bool
take_lock(int fd)
{
	struct flock lock = {
		.l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = LOCK_AT,
		.l_len = 1,
	};

	return fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

static int
in_use(const char *path, struct err *err)
{
	if (errno != EAGAIN && errno != EACCES)
		return err_set(err, ERR_CONFIG, "cannot lock %s: %s", path,
		    strerror(errno));
	return err_set(err, ERR_CONFIG,
	    "%s is in use by another gcsweep; wait until it has ended", path);
}

static void
remove_beside(const struct plan_file *f, const char *tail)
{
	struct buf name;

	buf_init(&name, strlen(f->at) + strlen(tail) + 1);
	buf_adds(&name, f->at);
	buf_adds(&name, tail);
	unlink(name.data);
	buf_release(&name);
}

void
plan_place_remove(const struct plan_file *f)
{
	remove_beside(f, "-journal");
	remove_beside(f, "-wal");
	remove_beside(f, "-shm");
	unlink(f->at);
}

/* Unless somebody else is making it. */
static int
remove_leftover(const struct plan_file *f, struct err *err)
{
	int fd = open(f->at, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0 && !take_lock(fd)) {
		in_use(f->at, err);
		close(fd);
		return -1;
	}
	plan_place_remove(f);
	if (fd >= 0)
		close(fd);
	return 0;
}

int
plan_place_begin(struct plan_file *f, struct err *err)
{
	struct stat st;

	if (lstat(f->path, &st) == 0)
		return err_set(err, ERR_CONFIG,
		    "%s is there already; move it away, or name another file",
		    f->path);
	if (remove_leftover(f, err) != 0)
		return -1;
	f->lock = open(f->at, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (f->lock < 0)
		return err_set(err, ERR_CONFIG, "cannot make %s: %s", f->at,
		    strerror(errno));
	if (!take_lock(f->lock))
		return in_use(f->at, err);
	f->is_part = true;
	return 0;
}

/* So that the name outlives a power cut too. */
static int
sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct buf folder;
	int fd, rc;

	buf_init(&folder, strlen(path) + 2);
	if (slash == NULL)
		buf_addc(&folder, '.');
	else
		buf_add(&folder, path, (size_t)(slash - path) + 1);
	fd = open(folder.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	buf_release(&folder);
	if (fd < 0)
		return -1;
	rc = fsync(fd);
	close(fd);
	return rc;
}

int
plan_place_end(struct plan_file *f, struct err *err)
{
	if (fsync(f->lock) != 0)
		return err_set(err, ERR_CONFIG, "cannot write to %s: %s", f->at,
		    strerror(errno));
	if (link(f->at, f->path) != 0)
		return err_set(err, ERR_CONFIG,
		    errno == EEXIST
			? "%s has been made by somebody else meanwhile (%s)"
			: "cannot make %s: %s",
		    f->path, strerror(errno));
	plan_place_remove(f);
	f->is_part = false;
	strcpy(f->at, f->path);
	if (sync_folder(f->path) != 0)
		return err_set(err, ERR_CONFIG,
		    "cannot write the folder of %s: %s", f->path,
		    strerror(errno));
	return 0;
}

int
plan_place_lock(struct plan_file *f, struct err *err)
{
	f->lock = open(f->at, O_RDWR | O_CLOEXEC);
	if (f->lock < 0)
		return err_set(err, ERR_CONFIG,
		    "cannot open the plan %s to write to it: %s", f->at,
		    strerror(errno));
	if (!take_lock(f->lock))
		return in_use(f->at, err);
	return 0;
}
