/* SPDX-License-Identifier: MIT */
/* The store in memory keeps the contract of the seam. */
#include "src/storage/mem_store.h"
#include "src/storage/storage.h"
#include "tests/driver/conformance.h"

static struct storage *
open_store(void **state)
{
	*state = NULL;
	return mem_store_new(1);
}

static void
close_store(struct storage *store, void *state)
{
	(void)state;
	storage_close(store);
}

int
main(void)
{
	static const struct conformance_driver driver = {
		.name = "driver mem",
		.open = open_store,
		.close = close_store,
	};

	return conformance_run(&driver);
}
