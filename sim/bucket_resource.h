/* SPDX-License-Identifier: MIT */
/* Buckets as the JSON that production sends. */
#ifndef SIM_BUCKET_RESOURCE_H
#define SIM_BUCKET_RESOURCE_H

#include <stdbool.h>
#include <stdint.h>

struct bucket;
struct buf;
struct json_out;
struct self;

/* is_full: with an owner and the lists of access. */
void bucket_resource_add(const struct bucket *b, const struct self *self,
    bool is_full, struct json_out *w);

/* Adds base64(protobuf{1: n}), n being a metageneration or the like. */
void bucket_resource_add_etag(uint64_t n, struct buf *out);

/* Adds where the bucket says that it is. */
void bucket_resource_add_location(const struct bucket *b, struct buf *out);

/* The answer to storageLayout. */
void bucket_resource_add_layout(const struct bucket *b, struct json_out *w);

#endif
