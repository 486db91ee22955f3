/* SPDX-License-Identifier: MIT */
/*
 * What went wrong in the world: a code for the program, a line for the person.
 * Low code sets it, middle code wraps it with what it was doing, only the cli
 * prints it and maps the code to an exit status.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#define MUST_CHECK        __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))

enum err_code {
	ERR_NONE,
	ERR_USAGE,     /* the command line is wrong */
	ERR_CONFIG,    /* a file or environment variable is wrong */
	ERR_AUTH,      /* no or bad credentials */
	ERR_DENIED,    /* the server says no permission */
	ERR_NOT_FOUND, /* no such bucket or object */
	ERR_REFUSED,   /* a guard of ours said no */
	ERR_THROTTLED, /* still throttled after the last try */
	ERR_NET,       /* could not connect, lost the connection, 5xx */
	ERR_PROTOCOL,  /* the server said something that GCS never says */
	ERR_CORRUPT,   /* a manifest or link that hides what it keeps */
	ERR_DAMAGED,   /* damage found; what it could have meant was kept */
	ERR_AUDIT,     /* the counts of driver, server and formula differ */
	ERR_CANCELLED  /* stopped on request */
};

struct err {
	enum err_code code;
	char text[512];
};

#define ERR_INIT             \
	{                    \
		ERR_NONE, "" \
	}

/* Sets *err and returns -1, so that `return err_set(...)` reads well.  The text
 * is always one line: control characters in it are shown as ?. */
int err_set(struct err *err, enum err_code code, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Puts "what: " in front of the text, keeps the code, returns -1. */
int err_wrap(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);

void err_clear(struct err *err);

#endif
