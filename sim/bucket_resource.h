/* SPDX-License-Identifier: MIT */
/* Buckets as the JSON that production sends. */
#ifndef SIM_BUCKET_RESOURCE_H
#define SIM_BUCKET_RESOURCE_H

struct bucket;
struct buf;
struct json_out;

/* host: what the client calls us, for the link. */
void bucket_resource_add(const struct bucket *b, const char *host,
    struct json_out *w);

/* Adds where the bucket says that it is. */
void bucket_resource_add_location(const struct bucket *b, struct buf *out);

/* The answer to storageLayout. */
void bucket_resource_add_layout(const struct bucket *b, struct json_out *w);

#endif
