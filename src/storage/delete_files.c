/* SPDX-License-Identifier: MIT */
/* A window of deletes over a list of paths; see the header for the contract. */
#include "src/storage/delete_files.h"

#include <assert.h>
#include <stdlib.h>

#include "src/base/mem.h"
#include "src/storage/storage.h"

size_t
delete_files(struct storage *s, const char *const *paths, size_t n,
    unsigned width, delete_files_failed_fn *on_failed, void *arg)
{
	size_t slots = n < width ? n : width, sent = 0, absent = 0, i;
	struct storage_op *ops = mem_zalloc(slots, sizeof(*ops)), *op;

	assert(width > 0);
	for (i = 0; i < slots; i++) {
		storage_op_init(&ops[i]);
		storage_ask_delete(&ops[i], paths[sent++]);
		storage_submit(s, &ops[i]);
	}
	while ((op = storage_reap(s)) != NULL) {
		if (op->verdict == STORAGE_OK || op->verdict == STORAGE_GONE)
			absent++;
		else if (on_failed != NULL)
			on_failed(arg, op->name.data, &op->err);
		if (sent < n) {
			storage_ask_delete(op, paths[sent++]);
			storage_submit(s, op);
		}
	}
	for (i = 0; i < slots; i++)
		storage_op_release(&ops[i]);
	free(ops);
	return absent;
}
