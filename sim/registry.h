/* SPDX-License-Identifier: MIT */
/*
 * Registries to collect garbage in, in docker/distribution's storage layout.
 * Manifests and links are real; layers and configs are virtual.  The same seed
 * gives the same bytes, names and generations, whatever the clock.
 */
#ifndef SIM_REGISTRY_H
#define SIM_REGISTRY_H

#include <stdint.h>

#include "src/base/err.h"

struct bucket;

/* 2020-02-21T00:00:00Z, in microseconds: the generation, and so the time, of
 * the first of all seeded objects; each further one is a microsecond later. */
#define REGISTRY_EPOCH 1582243200000000U

/* Are these words that registry_fill takes? */
int registry_check(const char *spec, const char *root,
    struct err *err) MUST_CHECK;

/* Fills an empty bucket.  spec: "demo", or "repos=3,manifests=40,...";
 * root: the registry's rootdirectory, "" for none. */
int registry_fill(struct bucket *b, const char *spec, const char *root,
    uint64_t seed, struct err *err) MUST_CHECK;

#endif
