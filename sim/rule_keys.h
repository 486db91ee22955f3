/* SPDX-License-Identifier: MIT */
/* What a rule says as KEY=VALUE: one row a key. */
#ifndef SIM_RULE_KEYS_H
#define SIM_RULE_KEYS_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

struct rule_key {
	const char *name;
	const char *arg; /* "BYTES" */
	unsigned goes;   /* a bit for each fault that takes it */
	unsigned needed; /* and that cannot do without */
	size_t offset;   /* in struct rule */
	bool (*parse)(const char *text, void *slot);
	void (*format)(const void *slot, struct buf *out);
	const char *want; /* "want ..." */
};

enum {
	RULE_KEY_ID,
	RULE_KEY_BUCKET,
	RULE_KEY_NAME,
	RULE_KEY_CONNECTION,
	RULE_KEY_TURN,
	RULE_KEY_FROM,
	RULE_KEY_UNTIL,
	RULE_KEY_NTH,
	RULE_KEY_EVERY,
	RULE_KEY_RATE,
	RULE_KEY_TIMES,
	RULE_KEY_ACTED,
	RULE_KEY_AFTER,
	RULE_KEY_RETRY_AFTER,
	RULE_KEY_AT,
	RULE_KEY_END,
	RULE_KEY_FOR,
	RULE_KEY_PACE,
	RULE_KEY_TOKEN,
	RULE_KEY_BY,
	RULE_KEYS
};

extern const struct rule_key rule_keys[RULE_KEYS];

/* "cut"; NULL for RULE_STATUS. */
extern const char *const rule_fault_names[];

#endif
