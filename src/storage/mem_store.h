/* SPDX-License-Identifier: MIT */
/*
 * A true object store in memory: generations, preconditions, pages, and
 * completions in an order drawn from a seed.  Whatever works on every seed
 * does not depend on the order in which a network answers.
 */
#ifndef STORAGE_MEM_STORE_H
#define STORAGE_MEM_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct storage;

struct storage *mem_store_new(uint64_t seed);

/* From now on it tells the time (Unix epoch), and new objects carry it.  Without
 * this it tells none, and created_us is the generation. */
void mem_store_set_wall(struct storage *s, uint64_t wall_us);

/* What computes the MD5 that listings are asked for; without it objects have
 * none, as composed ones do. */
typedef void mem_store_md5_fn(const void *data, size_t n, uint8_t md5[]);
void mem_store_set_md5(struct storage *s, mem_store_md5_fn *md5);

/* Makes an object older or younger; it must exist. */
void mem_store_set_created(struct storage *s, const char *name,
    uint64_t created_us);

/* Puts an object of that size with no bytes to read, without looking whether
 * the name exists: for filling a million at once.  Names must differ. */
void mem_store_load(struct storage *s, const char *name, uint64_t size);

/* The same, with bytes. */
void mem_store_load_bytes(struct storage *s, const char *name, const void *data,
    size_t n);

/* Puts bytes at once, outside any operation. */
void mem_store_put(struct storage *s, const char *name, const void *data,
    size_t n);

/* Takes an object away behind everybody's back; it must exist. */
void mem_store_remove(struct storage *s, const char *name);

bool mem_store_has(struct storage *s, const char *name);
size_t mem_store_count(const struct storage *s);

/* The most operations that were ever in flight at once. */
size_t mem_store_peak(const struct storage *s);

#endif
