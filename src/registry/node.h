/* SPDX-License-Identifier: MIT */
/*
 * A node: all that is known of one digest, whoever names it.  There may be
 * millions, so it is small.
 */
#ifndef REGISTRY_NODE_H
#define REGISTRY_NODE_H

#include <stdbool.h>
#include <stdint.h>

/* A digest that occurs anywhere: listed, linked or named. */
struct node {
	const uint8_t *digest;    /* algorithm byte, then the raw bytes */
	uint64_t blob_generation; /* 0: no such blob was listed */
	uint64_t blob_size;
	uint32_t blob_created_s; /* server's clock, Unix epoch; 0: not known */
	uint32_t edges;          /* newest edge out of it, 0: none; graph.h */
	uint8_t reading;         /* enum node_reading */
	bool is_young : 1;     /* the blob is, or a layer's link that names it;
				    see inventory.young_from_us */
	bool is_revision : 1;  /* some repository calls it a manifest */
	bool is_named : 1;     /* a tag, an index or a bad link says so too */
	bool is_marked : 1;    /* live: the blob stays */
	bool is_pulled : 1;    /* live through another manifest */
	bool is_walked : 1;    /* live, and what it names has been marked */
	bool is_lasting : 1;   /* live, whatever its age and that of others */
	bool is_mentioned : 1; /* some manifest names it */
};

/* How far the mark is with a manifest's bytes. */
enum node_reading {
	NODE_UNREAD,
	NODE_ASKED,
	NODE_READ,
	NODE_ODD, /* read, and no JSON object */
	NODE_ABSENT,
	NODE_CORRUPT /* not what its digest says; only if mark_opts.is_query, or it
			is of mark_opts.ignored */
};

#endif
