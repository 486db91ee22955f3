/* SPDX-License-Identifier: MIT */
/* A snapshot is an empty world that was made like ours. */
#include "sim/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "sim/rollback.h"
#include "src/base/mem.h"

bool
snapshot_is_name(const char *name, size_t n)
{
	size_t i;

	if (n < 1 || n > SNAPSHOT_NAME_MAX)
		return false;
	for (i = 0; i < n; i++) {
		if (!(name[i] >= 'a' && name[i] <= 'z') &&
		    !(name[i] >= 'A' && name[i] <= 'Z') &&
		    !(name[i] >= '0' && name[i] <= '9') && name[i] != '.' &&
		    name[i] != '_' && name[i] != '-')
			return false;
	}
	return true;
}

/* Where the link is to the first that is not before that name. */
static struct snapshot **
seek(struct snapshot **list, const char *name)
{
	while (*list != NULL && strcmp((*list)->name, name) < 0)
		list = &(*list)->next;
	return list;
}

static bool
is_at(struct snapshot *const *at, const char *name)
{
	return *at != NULL && strcmp((*at)->name, name) == 0;
}

struct snapshot *
snapshot_find(struct snapshot *list, const char *name)
{
	struct snapshot **at = seek(&list, name);

	return is_at(at, name) ? *at : NULL;
}

struct snapshot *
snapshot_take(struct snapshot **list, const char *name, const struct world *w)
{
	struct snapshot **at = seek(list, name), *s;

	if (!is_at(at, name)) {
		s = mem_zalloc(1, sizeof(*s));
		memcpy(s->name, name, strlen(name) + 1);
		s->next = *at;
		*at = s;
	}
	rollback_world(&(*at)->world, w);
	return *at;
}

bool
snapshot_remove(struct snapshot **list, const char *name)
{
	struct snapshot **at = seek(list, name), *s = *at;

	if (!is_at(at, name))
		return false;
	*at = s->next;
	world_release(&s->world);
	free(s);
	return true;
}

void
snapshot_release_all(struct snapshot **list)
{
	while (*list != NULL)
		snapshot_remove(list, (*list)->name);
}
