/* SPDX-License-Identifier: MIT */
/*
 * A page of a listing.
 */
#ifndef STORAGE_PAGE_H
#define STORAGE_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/arena.h"
#include "src/base/buf.h"
#include "src/base/vec.h"

enum { STORAGE_MD5_SIZE = 16 };

/* What a listing tells of an object. */
struct storage_object {
	const char *name;    /* in the page's arena */
	uint64_t generation; /* 0 never occurs */
	uint64_t size;
	uint64_t created_us; /* server's clock, Unix epoch; 0: unknown */
	/* Of its bytes, where the op wants it; composed objects have none. */
	bool has_md5;
	uint8_t md5[STORAGE_MD5_SIZE];
};

/* A page of a listing, in byte order of the names. */
struct storage_page {
	VEC(struct storage_object) objects;
	struct arena names;
	struct buf next; /* token of the next page; "" on the last */
};

#endif
