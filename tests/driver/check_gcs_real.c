/* SPDX-License-Identifier: MIT */
/* The GCS driver keeps the contract of the seam, on the real clock. */
#include "tests/driver/conformance.h"
#include "tests/driver/gcs_driver.h"

static struct storage *
open_store(void **state)
{
	return gcs_driver_open(LOOP_REAL, state);
}

int
main(void)
{
	static const struct conformance_driver driver = {
		.name = "driver gcs, real clock",
		.open = open_store,
		.close = gcs_driver_close,
	};

	return conformance_run(&driver);
}
