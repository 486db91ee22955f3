/* SPDX-License-Identifier: MIT */
/* mem: gives what was asked for, or ends the process with its own status. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/base/mem.h"
#include "tests/support/suite.h"

/* AddressSanitizer would end the process itself, with another status.  Where it
 * is a library it looks for this name, which all else here is hidden from. */
const char *__asan_default_options(void);

__attribute__((visibility("default"))) const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

/* Unknown to the compiler, which would refuse such a size at once. */
static volatile size_t huge = SIZE_MAX / 2;

static void
zalloc_a_product_that_overflows(void)
{
	free(mem_zalloc(huge, 3));
}

static void
resize_to_a_product_that_overflows(void)
{
	free(mem_resize(NULL, 16, huge));
}

static void
alloc_half_the_address_space(void)
{
	free(mem_alloc(huge));
}

static void
zalloc_half_the_address_space(void)
{
	free(mem_zalloc(1, huge));
}

static int
exit_status_of(void (*step)(void))
{
	int status = 0;
	pid_t child = fork();

	ck_assert_int_ge(child, 0);
	if (child == 0) {
		close(STDERR_FILENO);
		step();
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

START_TEST(no_memory_ends_the_process_with_its_own_status)
{
	void (*const steps[])(void) = {
		zalloc_a_product_that_overflows,
		resize_to_a_product_that_overflows,
		alloc_half_the_address_space,
		zalloc_half_the_address_space,
	};
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		ck_assert_msg(exit_status_of(steps[i]) == MEM_EXIT,
		    "step %zu ended otherwise", i);
}
END_TEST

START_TEST(zalloc_gives_zeroed_memory)
{
	unsigned char *p = mem_zalloc(300, 7), sum = 0;
	size_t i;

	for (i = 0; i < 300 * 7; i++)
		sum |= p[i];
	ck_assert_uint_eq(sum, 0);
	free(p);
}
END_TEST

START_TEST(resize_keeps_what_was_there)
{
	char *p = mem_resize(NULL, 4, 2);

	memcpy(p, "deletes", 8);
	p = mem_resize(p, 100000, 3);
	ck_assert_str_eq(p, "deletes");
	p = mem_resize(p, 8, 1);
	ck_assert_str_eq(p, "deletes");
	free(p);
}
END_TEST

START_TEST(resize_to_nothing_still_gives_a_block)
{
	void *p = mem_resize(NULL, 0, 8);

	ck_assert_ptr_nonnull(p);
	p = mem_resize(p, 8, 0);
	ck_assert_ptr_nonnull(p);
	free(p);
}
END_TEST

START_TEST(copies_are_strings_of_their_own)
{
	char text[] = "sha256:0123";
	char *all = mem_strdup(text), *some = mem_strndup(text, 6);
	char *none = mem_strndup(text, 0);

	text[0] = 'X';
	ck_assert_str_eq(all, "sha256:0123");
	ck_assert_str_eq(some, "sha256");
	ck_assert_str_eq(none, "");
	free(all);
	free(some);
	free(none);
}
END_TEST

int
main(void)
{
	return suite_run("mem", no_memory_ends_the_process_with_its_own_status,
	    zalloc_gives_zeroed_memory, resize_keeps_what_was_there,
	    resize_to_nothing_still_gives_a_block,
	    copies_are_strings_of_their_own, NULL);
}
