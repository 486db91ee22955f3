/* SPDX-License-Identifier: MIT */
/* file: all of the bytes, or why not. */
#include "src/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/buf.h"
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

/* -1 expected, with that word. */
static void
ck_unread(const char *path, size_t max, enum err_code code, const char *word)
{
	struct err err = ERR_INIT;
	unsigned mode;
	struct buf b;

	buf_init(&b, max);
	ck_assert_int_eq(file_load(path, &b, &mode, &err), -1);
	ck_assert_int_eq(err.code, code);
	ck_assert_ptr_eq(strstr(err.text, path), err.text);
	ck_assert_msg(strstr(err.text, word) != NULL, "%s", err.text);
	buf_release(&b);
}

START_TEST(a_file_is_read_whole_or_not_at_all)
{
	char name[] = "/tmp/check_file.XXXXXX";
	int fd = mkstemp(name);
	struct err err = ERR_INIT;
	unsigned mode = 0;
	struct buf b;

	ck_assert(file_write_all(fd, "a\0b", 3));
	buf_init(&b, 3);
	ck_assert_int_eq(file_load(name, &b, &mode, &err), 0);
	ck_assert_uint_eq(b.len, 3);
	ck_assert_mem_eq(b.data, "a\0b", 3);
	ck_assert_uint_eq(mode & 0777, 0600);
	buf_release(&b);
	ck_unread(name, 2, ERR_CONFIG, "larger than 2 bytes");
	close(fd);
	unlink(name);
	ck_unread(name, 3, ERR_NOT_FOUND, "No such file");
	ck_unread("/tmp", 3, ERR_CONFIG, "not a regular file");
	ck_unread("/dev/zero", 3, ERR_CONFIG, "not a regular file");
}
END_TEST

int
main(void)
{
	return suite_run("file", all_bytes_are_written, a_full_disk_is_told,
	    a_temporary_file_opens_up_as_far_as_the_umask_says,
	    a_file_is_read_whole_or_not_at_all, NULL);
}
