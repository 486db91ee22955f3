/* SPDX-License-Identifier: MIT */
/*
 * What an inventory has listed, as the sections of a plan see it: by number, with
 * its path, generation, size and age, whether it is a victim or not.
 */
#ifndef REGISTRY_PLAN_FILE_ENTRY_H
#define REGISTRY_PLAN_FILE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/registry/paths.h"
#include "src/registry/plan.h"

struct inventory;

struct plan_entry {
	struct path path; /* into the inventory */
	uint64_t generation;
	uint64_t size; /* 0: not known, of a link */
	uint32_t created_s;
};

/* The numbers of a section run from 0 to this; they are those of
 * plan.victims. */
size_t plan_entry_count(const struct inventory *inv, enum plan_section section);

/* false: there is no such object, as the latest listing has it. */
bool plan_entry_get(const struct inventory *inv, enum plan_section section,
    uint32_t index, struct plan_entry *out);

/* By repository, tag and digest: the order of a plan's rows. */
int plan_entry_compare(const struct plan_entry *a, const struct plan_entry *b);

#endif
