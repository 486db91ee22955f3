/* SPDX-License-Identifier: MIT */
/*
 * The conditions that requests of the XML API have in their headers: on the
 * generation and metageneration, on the ETag, on the time of the last change.
 */
#ifndef SIM_XML_CONDITIONS_H
#define SIM_XML_CONDITIONS_H

#include "sim/preconditions.h"

struct ask;
struct buf;
struct object;

/* As precondition_check answers.  FOR_SOURCE: what a copy is made from. */
enum precondition xml_conditions_check(const struct ask *ask,
    const struct object *o, enum precondition_for what);

/* Adds o's ETag with its quotes: the MD5 in hex, and for what is put together
 * from parts also their number. */
void xml_add_etag(const struct object *o, struct buf *out);

#endif
