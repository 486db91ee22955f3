/* SPDX-License-Identifier: MIT */
/*
 * Folders are opened from their parents, so no path is too long for the system
 * and nothing renamed above us leads elsewhere.  The bucket keeps its objects
 * in order, so nothing is sorted here: objects get their generations when all
 * of them are there.
 *
 * Depth needs no limit of its own: a path longer than an object's name ends it.
 */
#include "sim/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/bucket.h"
#include "sim/change.h"
#include "sim/object.h"
#include "sim/registry.h"
#include "src/base/vec.h"

/* The last microsecond of the year 9999: times are written with four digits. */
#define TIME_MAX_US 253402300799999999U

struct walk {
	struct bucket *bucket;
	const char *top; /* as it was given, for what is said */
	bool keep_mtime;
	size_t n; /* bytes of path in use */
	/* One name more than an object's may have, until that is seen. */
	char path[OBJECT_NAME_MAX + NAME_MAX + 2];
};

static int load_folder(struct walk *w, int fd_take, struct err *err);

static int
refuse(const struct walk *w, const char *why, struct err *err)
{
	return err_set(err, ERR_CONFIG, "%s: %s/%s", why, w->top, w->path);
}

static int
cannot_read(const struct walk *w, struct err *err)
{
	return err_set(err, ERR_CONFIG, "cannot read (%s): %s/%s",
	    strerror(errno), w->top, w->path);
}

/* --- one file --- */

static uint64_t
time_of(const struct stat *st)
{
	if (st->st_mtim.tv_sec < 0)
		return 1;
	if ((uint64_t)st->st_mtim.tv_sec > TIME_MAX_US / 1000000)
		return TIME_MAX_US;
	return (uint64_t)st->st_mtim.tv_sec * 1000000 +
	    (uint64_t)st->st_mtim.tv_nsec / 1000;
}

/* All n bytes; -1 with errno 0 when the file has become shorter. */
static int
read_all(int fd, char *out, size_t n)
{
	ssize_t got;

	for (; n > 0; n -= (size_t)got, out += got) {
		errno = 0;
		got = read(fd, out, n);
		if (got < 0 && errno == EINTR)
			got = 0;
		else if (got <= 0)
			return -1;
	}
	return 0;
}

/* A sparse file may say any size. */
static bool
is_beyond_memory(const struct stat *st)
{
	long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);

	return pages > 0 && page > 0 && st->st_size / page >= pages;
}

static int
load_open_file(struct walk *w, int fd, struct err *err)
{
	struct payload *payload;
	struct stat st;
	size_t size;

	if (fstat(fd, &st) != 0)
		return cannot_read(w, err);
	if (!S_ISREG(st.st_mode))
		return refuse(w, "changed while it was loaded", err);
	if (is_beyond_memory(&st))
		return refuse(w, "is larger than the memory of this machine",
		    err);
	size = (size_t)st.st_size;
	payload = payload_alloc(size);
	if (read_all(fd, payload->bytes, size) != 0) {
		free(payload);
		return errno != 0
		    ? cannot_read(w, err)
		    : refuse(w, "changed while it was loaded", err);
	}
	payload_hash(payload);
	bucket_put(w->bucket, w->path, w->n, size,
	    w->keep_mtime ? time_of(&st) : 0, payload);
	return 0;
}

static int
load_file(struct walk *w, int folder, const char *name, struct err *err)
{
	const char *fault = object_name_fault(w->path, w->n);
	int fd, rc;

	if (fault != NULL)
		return refuse(w, fault, err);
	/* What has become a pipe meanwhile must not hold us up. */
	fd = openat(folder, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return cannot_read(w, err);
	rc = load_open_file(w, fd, err);
	close(fd);
	return rc;
}

/* --- folders --- */

static int
load_subfolder(struct walk *w, int parent, const char *name, struct err *err)
{
	int fd;

	if (w->n >= OBJECT_NAME_MAX)
		return refuse(w, "too deep for the name of an object", err);
	fd = openat(parent, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return cannot_read(w, err);
	w->path[w->n++] = '/';
	return load_folder(w, fd, err);
}

static int
load_entry(struct walk *w, int folder, const char *name, struct err *err)
{
	struct stat st;
	bool is_link;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return cannot_read(w, err);
	is_link = S_ISLNK(st.st_mode);
	if (is_link && fstatat(folder, name, &st, 0) != 0)
		return refuse(w, "a symbolic link that leads nowhere", err);
	if (S_ISREG(st.st_mode))
		return load_file(w, folder, name, err);
	if (!S_ISDIR(st.st_mode))
		return refuse(w, "neither a file nor a folder", err);
	if (is_link)
		return refuse(w,
		    "a symbolic link to a folder, which is not followed", err);
	return load_subfolder(w, folder, name, err);
}

static int
load_entries(struct walk *w, DIR *dir, struct err *err)
{
	const struct dirent *entry;
	size_t above = w->n, n;

	for (;;) {
		w->n = above;
		w->path[above] = '\0';
		errno = 0;
		entry = readdir(dir);
		if (entry == NULL)
			return errno == 0 ? 0 : cannot_read(w, err);
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		n = strlen(entry->d_name);
		/* Not every file system keeps to the system's own limit. */
		if (n > NAME_MAX)
			return refuse(w, "a name is too long below", err);
		memcpy(w->path + above, entry->d_name, n + 1);
		w->n = above + n;
		if (load_entry(w, dirfd(dir), entry->d_name, err) != 0)
			return -1;
	}
}

static int
load_folder(struct walk *w, int fd_take, struct err *err)
{
	DIR *dir = fdopendir(fd_take);
	int rc;

	if (dir == NULL) {
		close(fd_take);
		return cannot_read(w, err);
	}
	rc = load_entries(w, dir, err);
	closedir(dir);
	return rc;
}

/* --- generations --- */

static uint64_t
date_by_name(struct bucket *b)
{
	uint64_t generation = REGISTRY_EPOCH;
	struct object *o;

	for (o = index_seek(&b->live, "", 0, 0); o != NULL; o = index_next(o))
		o->generation = o->updated_us = generation++;
	return generation - 1;
}

static int
by_time_and_name(const void *a, const void *b)
{
	const struct object *x = *(struct object *const *)a;
	const struct object *y = *(struct object *const *)b;

	if (x->generation != y->generation)
		return x->generation < y->generation ? -1 : 1;
	return strcmp(object_name(x), object_name(y));
}

static uint64_t
date_by_time(struct bucket *b)
{
	VEC(struct object *) objects = { 0 };
	uint64_t last = 0;
	struct object *o;
	size_t i;

	for (o = index_seek(&b->live, "", 0, 0); o != NULL; o = index_next(o))
		*vec_push(&objects) = o;
	if (objects.n > 0)
		qsort(objects.v, objects.n, sizeof(*objects.v),
		    by_time_and_name);
	for (i = 0; i < objects.n; i++) {
		o = objects.v[i];
		if (o->generation <= last)
			o->generation = last + 1;
		last = o->updated_us = o->generation;
	}
	vec_release(&objects);
	return last;
}

/* A version is known by its generation, so nobody hears of one before it has
 * its own. */
static void
tell_of_all(struct bucket *b, const struct change_watcher *watcher)
{
	const struct object *o;

	b->watcher = watcher;
	for (o = b->live.head[0]; o != NULL && watcher != NULL;
	     o = index_next(o))
		watcher->on_object(watcher->arg, b, o);
}

int
tree_load(struct bucket *b, const char *dir, bool keep_mtime, uint64_t *last,
    struct err *err)
{
	struct walk w = { .bucket = b, .top = dir, .keep_mtime = keep_mtime };
	const struct change_watcher *watcher = b->watcher;
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_set(err, ERR_CONFIG, "cannot open the folder %s: %s",
		    dir, strerror(errno));
	b->watcher = NULL;
	if (load_folder(&w, fd, err) != 0)
		return -1;
	*last = keep_mtime ? date_by_time(b) : date_by_name(b);
	tell_of_all(b, watcher);
	return 0;
}
