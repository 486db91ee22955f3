/* SPDX-License-Identifier: MIT */
/*
 * A fuzz target is one file and one function that takes any bytes and holds
 * the code to LAWS, which must be true of all bytes: that it does not crash is
 * the least of them.
 *
 * The same file becomes two programs: under --enable-fuzz libFuzzer makes up
 * the bytes; in every other build replay.c takes them from fixtures/fuzz, as
 * one more test of `make check`.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "src/base/err.h"

/* Of the target: its folder below fixtures/fuzz. */
extern const char fuzz_name[];

/* libFuzzer's name and contract; answers 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Ends the program when a law does not hold; `law` is the law as a sentence. */
#define LAW(holds, law) \
	((holds) ? (void)0 : fuzz_broken(__FILE__, __LINE__, (law)))
void fuzz_broken(const char *file, int line, const char *law)
    __attribute__((noreturn));

/* The law of every refusal: this code, and one line of text that a terminal
 * can show. */
void fuzz_is_refusal(const struct err *err, enum err_code code);

/* The same of a text that has no code. */
void fuzz_is_reason(const char *text);

/* The bytes as a string to free(), which ends at the first NUL. */
char *fuzz_string(const uint8_t *data, size_t n);

/* The first line in the same way, and what is behind its end; NULL: there is no
 * line's end. */
char *fuzz_first_line(const uint8_t *data, size_t n, const char **rest,
    size_t *n_rest);

#endif
