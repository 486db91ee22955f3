/* SPDX-License-Identifier: MIT */
/* file: all of the bytes, or why not. */
#include "src/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/suite.h"

START_TEST(all_bytes_are_written)
{
	char name[] = "/tmp/check_file.XXXXXX", text[4] = "";
	int fd = mkstemp(name);

	ck_assert_int_ne(fd, -1);
	ck_assert(file_write_all(fd, "ab", 2));
	ck_assert(file_write_all(fd, "c", 1));
	ck_assert(file_write_all(fd, "", 0));
	ck_assert_int_eq(pread(fd, text, sizeof(text), 0), 3);
	ck_assert_str_eq(text, "abc");
	close(fd);
	unlink(name);
}
END_TEST

START_TEST(a_full_disk_is_told)
{
	int fd = open("/dev/full", O_WRONLY);

	ck_assert_int_ne(fd, -1);
	ck_assert(!file_write_all(fd, "ab", 2));
	ck_assert_int_eq(errno, ENOSPC);
	close(fd);
}
END_TEST

START_TEST(a_temporary_file_opens_up_as_far_as_the_umask_says)
{
	char name[] = "/tmp/check_file.XXXXXX";
	int fd = mkstemp(name);
	struct stat st;

	ck_assert_int_ne(fd, -1);
	umask(027);
	file_open_up(fd);
	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0640);
	ck_assert_uint_eq(umask(022), 027);
	close(fd);
	unlink(name);
}
END_TEST

int
main(void)
{
	return suite_run("file", all_bytes_are_written, a_full_disk_is_told,
	    a_temporary_file_opens_up_as_far_as_the_umask_says, NULL);
}
