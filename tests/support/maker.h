/* SPDX-License-Identifier: MIT */
/*
 * Whole random registries, and an oracle that says what a collection must
 * leave of each.  The oracle works on the maker's own model (who names whom,
 * which links there are) by naive repetition until nothing changes; of the
 * code under test it uses nothing but SHA-2.
 *
 * The rules: plain, every revision is a root; delete_untagged, those that a
 * current link of their own repository names.  What a live manifest names is
 * live, a referrer lives with its subject, both whichever repository they are
 * in; a manifest is what is a revision somewhere or the child of a live one.  A
 * revision's link stays with a root, or when a live manifest or subject brought
 * it in; an index link of a tag goes with the revision beside it; a blob goes
 * when it is not live.  Everything else stays.
 *
 * Of a registry with ages: what is not older than the minimum, or has no age, is
 * young.  A young blob stays, and one that a young layer's link names, in
 * whichever repository.  delete_untagged: a revision is a root too if its link
 * is young, or a tag's index link to it in its repository is.
 *
 * Of one with damage: a revision's link that holds no digest or another one makes
 * its revision a root, and that other digest a live manifest; delete_untagged, a
 * current link that holds no digest makes all revisions of its repository roots.
 */
#ifndef TESTS_SUPPORT_MAKER_H
#define TESTS_SUPPORT_MAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct maker;
struct storage;

/* scale: 1 makes some 20-150 objects, 2 about twice that, and so on. */
struct maker *maker_new(uint64_t seed, unsigned scale);
void maker_free(struct maker *r);

/* The rootdirectory that it was made below; may be empty. */
const char *maker_root(const struct maker *r);

/* Its objects, in byte order of their names. */
size_t maker_count(const struct maker *r);
const char *maker_name(const struct maker *r, size_t i);
const char *maker_bytes(const struct maker *r, size_t i, size_t *n);

/* Takes object i out of the model (or puts it back): as if it had not been
 * made when the oracle is asked. */
void maker_set_absent(struct maker *r, size_t i, bool is_absent);

/* Puts every object that is not absent into a store from mem_store. */
void maker_fill(const struct maker *r, struct storage *mem);

/* Gives every object an age around the minimum, or none; from then on maker_fill
 * says when each was created, and maker_judge knows what is young at that time. */
void maker_set_ages(struct maker *r, uint64_t seed, uint64_t wall_us,
    uint64_t min_age_us);

/* Only for the judgement: as if age did not matter, or did again. */
void maker_ignore_ages(struct maker *r, bool is_ignored);

/* Breaks some links, and takes some layers away that images need; answers how
 * many links. */
unsigned maker_damage(struct maker *r, uint64_t seed);

/* Breaks the bytes of one manifest that must be read; false: there is none. */
bool maker_corrupt(struct maker *r);

/* Asks the oracle; maker_stays answers for this mode from then on. */
void maker_judge(struct maker *r, bool delete_untagged);
bool maker_stays(const struct maker *r, size_t i);
size_t maker_victims(const struct maker *r);

/* Of what stays: revisions, blobs, their bytes, and tags' index links to
 * revisions that stay. */
struct maker_kept {
	uint64_t manifests, blobs, bytes, links;
};
void maker_count_kept(const struct maker *r, struct maker_kept *out);

/* Compares a store from mem_store with the judgement.  NULL when it holds
 * exactly what stays, else the name of the first object that is wrong. */
const char *maker_difference(const struct maker *r, struct storage *mem);

/* The first object that stays by the judgement and is not in the store, or
 * NULL: what remains beyond that is no loss. */
const char *maker_loss(const struct maker *r, struct storage *mem);

#endif
