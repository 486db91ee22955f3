/* SPDX-License-Identifier: MIT */
/*
 * How much each repository keeps, and how much nothing keeps: read from a mark
 * that succeeded.  Pure; 12 bytes a digest, however many repositories share it.
 */
#ifndef REGISTRY_USAGE_H
#define REGISTRY_USAGE_H

#include <stdint.h>

#include "src/base/vec.h"

struct mark;

struct usage_sum {
	uint64_t blobs;
	uint64_t bytes;
};

struct usage_repository {
	uint32_t repository;
	uint64_t tags;
	uint64_t manifests; /* revisions that stay */
	uint64_t uploads;   /* begun and not finished */
	uint64_t upload_bytes;
	struct usage_sum all; /* that its manifests reach */
	struct usage_sum own; /* of these: that no other repository's do */
};

struct usage {
	VEC(struct usage_repository)
	repositories; /* the largest first, and
						      then by name */
	uint64_t tags;
	uint64_t manifests;
	uint64_t going_manifests; /* revisions that do not stay */
	uint64_t uploads;
	uint64_t upload_bytes;
	/* Each blob once, and in one of these. */
	struct usage_sum own;
	struct usage_sum shared; /* of several repositories */
	struct usage_sum other;  /* kept without one: for age or damage */
	struct usage_sum going;  /* what nothing keeps */
};

void usage_init(struct usage *u, const struct mark *m);
void usage_release(struct usage *u);

#endif
