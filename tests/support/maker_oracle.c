/* SPDX-License-Identifier: MIT */
/*
 * The oracle reads items and objects, never bytes, and repeats one pass over
 * all items until nothing changes: slow, short, and nothing like a graph walk.
 */
#include "tests/support/maker.h"

#include <string.h>

#include "src/storage/mem_store.h"
#include "tests/support/maker_priv.h"

const char *
maker_root(const struct maker *r)
{
	return r->root;
}

size_t
maker_count(const struct maker *r)
{
	return r->objects.n;
}

const char *
maker_name(const struct maker *r, size_t i)
{
	return r->objects.v[i].name;
}

const char *
maker_bytes(const struct maker *r, size_t i, size_t *n)
{
	*n = r->objects.v[i].size;
	return r->objects.v[i].body;
}

void
maker_set_absent(struct maker *r, size_t i, bool is_absent)
{
	r->objects.v[i].is_absent = is_absent;
}

bool
maker_has_revision(const struct maker *r, uint32_t repo, uint32_t item)
{
	size_t i;

	for (i = 0; i < r->objects.n; i++) {
		const struct object *o = &r->objects.v[i];

		if (o->role == REVISION && o->item == item && !o->is_absent &&
		    (repo == NONE || o->repo == repo))
			return true;
	}
	return false;
}

static bool
is_tagged(const struct maker *r, uint32_t repo, uint32_t item)
{
	size_t i;

	for (i = 0; i < r->objects.n; i++) {
		const struct object *o = &r->objects.v[i];

		if (o->role == CURRENT && o->item == item && o->repo == repo &&
		    o->damage == SOUND && !o->is_absent)
			return true;
	}
	return false;
}

static bool
is_young(const struct maker *r, const struct object *o)
{
	return r->has_ages && !r->ignores_ages &&
	    (o->created_us == 0 || o->created_us >= r->young_from_us);
}

/* Does a link to it in its repository say that it must stay, tagged or not? */
static bool
is_spared(const struct maker *r, uint32_t repo, uint32_t item)
{
	size_t i;

	for (i = 0; i < r->objects.n; i++) {
		const struct object *o = &r->objects.v[i];

		if (o->is_absent || o->repo != repo)
			continue;
		if (o->role == CURRENT && o->damage == NO_DIGEST)
			return true;
		if (o->item == item &&
		    ((o->role == REVISION && o->damage != SOUND) ||
			((o->role == REVISION || o->role == INDEX) &&
			    is_young(r, o))))
			return true;
	}
	return false;
}

static bool
is_root(const struct maker *r, const struct object *o, bool delete_untagged)
{
	return !delete_untagged || is_tagged(r, o->repo, o->item) ||
	    is_spared(r, o->repo, o->item);
}

static bool
is_followed(const struct object *o, bool delete_untagged)
{
	return o->role == CURRENT && delete_untagged && o->damage == SOUND;
}

static void
start_from_roots(struct maker *r, bool delete_untagged)
{
	size_t i;

	for (i = 0; i < r->items.n; i++) {
		struct item *item = &r->items.v[i];

		item->has_blob = item->is_read = false;
		item->is_live = item->is_pulled = item->is_young = false;
	}
	for (i = 0; i < r->objects.n; i++) {
		const struct object *o = &r->objects.v[i];

		if (o->is_absent || o->role == BYSTANDER)
			continue;
		if (o->role == BLOB)
			r->items.v[o->item].has_blob = true;
		if (o->role == BLOB || o->role == LAYER)
			r->items.v[o->item].is_young |= is_young(r, o);
		if (o->role == REVISION || is_followed(o, delete_untagged))
			r->items.v[o->item].is_read = true;
		if ((o->role == REVISION && is_root(r, o, delete_untagged)) ||
		    is_followed(o, delete_untagged))
			r->items.v[o->item].is_live = true;
		if (o->role == REVISION && o->damage == OTHER_DIGEST) {
			r->items.v[o->other].is_read = true;
			r->items.v[o->other].is_live = true;
		}
	}
}

/* Sets a flag; remembers whether anything changed. */
static void
set(bool *flag, bool *is_changed)
{
	*is_changed |= !*flag;
	*flag = true;
}

static bool
spread(struct maker *r)
{
	bool is_changed = false;
	size_t i, k;

	for (i = 0; i < r->items.n; i++) {
		struct item *m = &r->items.v[i];

		if (!m->has_blob || !m->is_manifest)
			continue;
		if (m->subject != NONE && r->items.v[m->subject].is_live &&
		    maker_has_revision(r, NONE, (uint32_t)i)) {
			set(&m->is_live, &is_changed);
			set(&m->is_pulled, &is_changed);
		}
		if (!m->is_live || !m->is_read)
			continue;
		for (k = 0; k < m->children.n; k++)
			set(&r->items.v[m->children.v[k]].is_read, &is_changed);
		for (k = 0; k < m->names.n; k++) {
			set(&r->items.v[m->names.v[k]].is_live, &is_changed);
			set(&r->items.v[m->names.v[k]].is_pulled, &is_changed);
		}
	}
	return is_changed;
}

static bool
revision_goes(const struct maker *r, uint32_t repo, uint32_t item,
    bool delete_untagged)
{
	return maker_has_revision(r, repo, item) && delete_untagged &&
	    !is_tagged(r, repo, item) && !is_spared(r, repo, item) &&
	    !r->items.v[item].is_pulled;
}

void
maker_judge(struct maker *r, bool delete_untagged)
{
	size_t i;

	start_from_roots(r, delete_untagged);
	while (spread(r))
		continue;
	for (i = 0; i < r->objects.n; i++) {
		struct object *o = &r->objects.v[i];

		o->goes = false;
		if (o->is_absent)
			continue;
		if (o->role == BLOB)
			o->goes = !r->items.v[o->item].is_live &&
			    !r->items.v[o->item].is_young;
		else if (o->role == REVISION || o->role == INDEX)
			o->goes = revision_goes(r, o->repo, o->item,
			    delete_untagged);
	}
}

bool
maker_stays(const struct maker *r, size_t i)
{
	return !r->objects.v[i].is_absent && !r->objects.v[i].goes;
}

size_t
maker_victims(const struct maker *r)
{
	size_t n = 0, i;

	for (i = 0; i < r->objects.n; i++)
		n += r->objects.v[i].goes;
	return n;
}

void
maker_count_kept(const struct maker *r, struct maker_kept *out)
{
	size_t i;

	*out = (struct maker_kept){ 0 };
	for (i = 0; i < r->objects.n; i++) {
		const struct object *o = &r->objects.v[i];

		if (o->is_absent || o->goes)
			continue;
		out->manifests += o->role == REVISION;
		out->links += o->role == INDEX &&
		    maker_has_revision(r, o->repo, o->item);
		if (o->role == BLOB) {
			out->blobs++;
			out->bytes += o->size;
		}
	}
}

const char *
maker_loss(const struct maker *r, struct storage *mem)
{
	size_t i;

	for (i = 0; i < r->objects.n; i++) {
		if (maker_stays(r, i) &&
		    !mem_store_has(mem, r->objects.v[i].name))
			return r->objects.v[i].name;
	}
	return NULL;
}

const char *
maker_difference(const struct maker *r, struct storage *mem)
{
	size_t stay = 0, i;

	for (i = 0; i < r->objects.n; i++) {
		stay += maker_stays(r, i);
		if (maker_stays(r, i) !=
		    mem_store_has(mem, r->objects.v[i].name))
			return r->objects.v[i].name;
	}
	return stay == mem_store_count(mem) ? NULL : "objects nobody made";
}
