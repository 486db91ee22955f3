/* SPDX-License-Identifier: MIT */
/* The one map from what went wrong to what the shell sees. */
#include "src/cli/status.h"

enum status
status_of(enum err_code code)
{
	static const enum status statuses[] = {
		[ERR_NONE] = STATUS_OK,
		[ERR_USAGE] = STATUS_USAGE,
		[ERR_CONFIG] = STATUS_USAGE,
		[ERR_AUTH] = STATUS_DENIED,
		[ERR_DENIED] = STATUS_DENIED,
		[ERR_NOT_FOUND] = STATUS_DENIED,
		[ERR_REFUSED] = STATUS_REFUSED,
		[ERR_THROTTLED] = STATUS_TEMPORARY,
		[ERR_NET] = STATUS_TEMPORARY,
		[ERR_PROTOCOL] = STATUS_MARK,
		[ERR_CORRUPT] = STATUS_MARK,
		[ERR_DAMAGED] = STATUS_DAMAGED,
		[ERR_AUDIT] = STATUS_AUDIT,
		[ERR_CANCELLED] = STATUS_CANCELLED,
	};

	return statuses[code];
}
