/* SPDX-License-Identifier: MIT */
/*
 * Who keeps a copy of the buckets elsewhere hears here of everything that
 * happens to them, in order, as soon as it has happened in memory.
 */
#ifndef SIM_CHANGE_H
#define SIM_CHANGE_H

#include <stdint.h>

struct bucket;
struct object;
struct upload_session;
struct world;
struct xml_upload;
struct xml_upload_part;

struct change_watcher {
	/* o is new, or its metadata or its state have changed; name and
	 * generation never do. */
	void (*on_object)(void *arg, const struct bucket *b,
	    const struct object *o);
	/* That version is about to be forgotten. */
	void (*on_object_gone)(void *arg, const struct bucket *b,
	    const struct object *o);
	/* b is new, or its own metadata have changed. */
	void (*on_bucket)(void *arg, const struct bucket *b);
	void (*on_bucket_gone)(void *arg, const struct bucket *b);
	/* b has objects by formula (bulk.h), or others than before, or none. */
	void (*on_bulk)(void *arg, const struct bucket *b);
	/* The one of that number exists by formula no more. */
	void (
	    *on_bulk_gone)(void *arg, const struct bucket *b, uint64_t number);
	/* A resumable upload was started, holds more bytes, or has ended.
	 * These and those below may be NULL. */
	void (*on_upload)(void *arg, const struct upload_session *u);
	void (*on_upload_gone)(void *arg, const struct upload_session *u);
	/* A multipart upload was started, or is about to be forgotten: its
	 * parts went before. */
	void (*on_xml_upload)(void *arg, const struct xml_upload *u);
	void (*on_xml_upload_gone)(void *arg, const struct xml_upload *u);
	/* It has a part more; that one is about to be forgotten.  A part that
	 * takes the place of another comes after that has gone. */
	void (*on_xml_part)(void *arg, const struct xml_upload *u,
	    const struct xml_upload_part *part);
	void (*on_xml_part_gone)(void *arg, const struct xml_upload *u,
	    const struct xml_upload_part *part);
	/* w has other keys than before. */
	void (*on_keys)(void *arg, const struct world *w);
	void *arg;
};

#endif
