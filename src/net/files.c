/* SPDX-License-Identifier: MIT */
/*
 * Where the limit is low, half of it is left to everything else: more
 * connections than that would only make the run fail elsewhere.
 */
#include "src/net/files.h"

#include <stdint.h>
#include <sys/resource.h>

/* What is left to everything else where there is enough. */
enum { FILES_LEFT = 64 };

/* The limit, after an attempt to have `need`. */
static rlim_t
raise_limit(rlim_t need)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return need;
	if (files.rlim_cur < need) {
		files.rlim_cur = files.rlim_max < need ? files.rlim_max : need;
		/* A refusal leaves the old limit, which is read again. */
		(void)setrlimit(RLIMIT_NOFILE, &files);
		(void)getrlimit(RLIMIT_NOFILE, &files);
	}
	return files.rlim_cur;
}

unsigned
files_fit(unsigned want)
{
	rlim_t limit = raise_limit((rlim_t)want + FILES_LEFT);
	rlim_t left = limit / 2 < FILES_LEFT ? limit / 2 : FILES_LEFT;

	if (limit - left >= want)
		return want;
	return limit > left ? (unsigned)(limit - left) : 1;
}

int
files_check(struct err *err)
{
	rlim_t limit = raise_limit(FILES_MIN);

	if (limit >= FILES_MIN)
		return 0;
	return err_set(err, ERR_CONFIG,
	    "only %ju files may be open, and at least %d are needed: raise the "
	    "limit (ulimit -n)",
	    (uintmax_t)limit, FILES_MIN);
}
