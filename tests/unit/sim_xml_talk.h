/* SPDX-License-Identifier: MIT */
/*
 * Talking XML to a simulator with one bucket, `demo`: one request, one answer,
 * and what is expected of it.
 */
#ifndef TESTS_UNIT_SIM_XML_TALK_H
#define TESTS_UNIT_SIM_XML_TALK_H

#include <stddef.h>

struct sim;
struct sim_opts;
struct sim_answer;

/* opts NULL: the defaults.  The clock is virtual. */
void xml_start(const struct sim_opts *opts);
void xml_stop(void);
struct sim *xml_sim(void);

/* headers: lines that end in CRLF. */
void xml_ask(const char *method, const char *target, const char *headers,
    const char *body);
void xml_ask_raw(const void *bytes, size_t n);
const struct sim_answer *xml_last(void);

/* The last answer has that status, and that text somewhere in its body; this
 * text nowhere; that line in its head. */
void xml_expect(int status, const char *text);
void xml_expect_not(const char *text);
void xml_expect_head(const char *line);

/* A header's value ("ETag: " is the name), to free(). */
char *xml_header(const char *name);

/* Uploads bytes to demo under a name. */
void xml_put(const char *name, const char *bytes);

#endif
