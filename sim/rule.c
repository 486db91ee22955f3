/* SPDX-License-Identifier: MIT */
/*
 * A rule's words are read one by one; then what they say together is looked
 * at.  Whatever is refused names the word, or both of two.
 */
#include "sim/rule.h"

#include <stdlib.h>
#include <string.h>

#include "sim/glob.h"
#include "sim/routes.h"
#include "sim/rule_keys.h"
#include "sim/rule_reach.h"
#include "src/base/buf.h"
#include "src/base/mem.h"
#include "src/base/near.h"
#include "src/base/str.h"

enum {
	STATUS_MIN = 200, /* below it, the client goes on waiting */
	STATUS_MAX = 599,
	/* So much of a word is quoted. */
	QUOTE_MAX = 80
};

static const char blanks[] = " \t\r";

static struct rule *
new_rule(void)
{
	struct rule *r = mem_zalloc(1, sizeof(*r));

	r->reaches = mem_zalloc(OPERATIONS, sizeof(*r->reaches));
	r->fault.keep_bytes = FAULT_KEEP_ALL;
	r->fault.manner = http_plain;
	return r;
}

static void
release_names(struct rule_names *names)
{
	glob_free(names->glob);
	free(names->text);
}

void
rule_free(struct rule *r)
{
	if (r == NULL)
		return;
	release_names(&r->bucket);
	release_names(&r->name);
	free(r->reaches);
	free(r);
}

static bool
says(const struct rule *r, int key)
{
	return r->said & 1U << key;
}

/* --- what goes wrong --- */

static int
parse_status(struct rule *r, const char *word, struct err *err)
{
	uint64_t v;

	if (str_parse_u64(word, &v) != 0 || v < STATUS_MIN || v > STATUS_MAX)
		return err_set(err, ERR_USAGE,
		    "status '%.*s': want %d to %d; for an answer that is late say "
		    "stall, for none lost or reset",
		    QUOTE_MAX, word, STATUS_MIN, STATUS_MAX);
	r->kind = RULE_STATUS;
	r->fault.status = (int)v;
	return 0;
}

static int
parse_fault(struct rule *r, const char *word, struct err *err)
{
	struct near near;
	int i;

	if (word == NULL)
		return err_set(err, ERR_USAGE,
		    "'%s' wants a fault behind it: a status such as 503, or "
		    "reset, lost, cut, stall, drip, bad-json, page-token or "
		    "skew",
		    r->what);
	if (strspn(word, "0123456789") > 0)
		return parse_status(r, word, err);
	near_init(&near, word, strlen(word));
	for (i = RULE_STATUS + 1; i < RULE_FAULTS; i++) {
		near_try(&near, rule_fault_names[i]);
		if (strcmp(word, rule_fault_names[i]) != 0)
			continue;
		r->kind = (enum rule_fault)i;
		return 0;
	}
	if (near.best != NULL)
		return err_set(err, ERR_USAGE,
		    "'%.*s' is no fault; %s is the nearest", QUOTE_MAX, word,
		    near.best);
	return err_set(err, ERR_USAGE,
	    "'%.*s' is no fault: want a status such as 503, or reset, lost, "
	    "cut, stall, drip, bad-json, page-token or skew",
	    QUOTE_MAX, word);
}

static const char *
fault_name(const struct rule *r)
{
	return r->kind == RULE_STATUS ? "a status" : rule_fault_names[r->kind];
}

/* --- keys --- */

static int
unknown_key(const char *word, size_t n, struct err *err)
{
	int shown = n < QUOTE_MAX ? (int)n : QUOTE_MAX;
	struct near near;
	int i;

	near_init(&near, word, n);
	for (i = 0; i < RULE_KEYS; i++)
		near_try(&near, rule_keys[i].name);
	if (near.best != NULL)
		return err_set(err, ERR_USAGE,
		    "'%.*s' is no key; %s= is the nearest", shown, word,
		    near.best);
	return err_set(err, ERR_USAGE, "'%.*s' is no KEY=VALUE of a rule",
	    QUOTE_MAX, word);
}

static int
parse_key(struct rule *r, const char *word, struct err *err)
{
	size_t n = strcspn(word, "=");
	const struct rule_key *key;
	int i = 0;

	while (i < RULE_KEYS && !str_is(word, n, rule_keys[i].name))
		i++;
	if (i == RULE_KEYS || word[n] == '\0')
		return unknown_key(word, n, err);
	key = &rule_keys[i];
	if (!(key->goes & 1U << r->kind))
		return err_set(err, ERR_USAGE,
		    "'%.*s': %s takes no %s=", QUOTE_MAX, word, fault_name(r),
		    key->name);
	if (says(r, i))
		return err_set(err, ERR_USAGE, "'%.*s': %s= is said twice",
		    QUOTE_MAX, word, key->name);
	if (!key->parse(word + n + 1, (char *)r + key->offset))
		return err_set(err, ERR_USAGE, "'%.*s': want %s", QUOTE_MAX,
		    word, key->want);
	r->said |= 1U << i;
	return 0;
}

/* --- what goes together --- */

static int
check_needed(const struct rule *r, struct err *err)
{
	const struct rule_key *key;
	int i;

	for (i = 0; i < RULE_KEYS; i++) {
		key = &rule_keys[i];
		if ((key->needed & 1U << r->kind) && !says(r, i))
			return err_set(err, ERR_USAGE, "%s wants %s=%s",
			    fault_name(r), key->name, key->arg);
	}
	return 0;
}

/* Each of them says by itself which of the requests it is. */
static int
check_choice(const struct rule *r, struct err *err)
{
	static const int choosers[] = { RULE_KEY_NTH, RULE_KEY_EVERY,
		RULE_KEY_RATE };
	int first = RULE_KEYS;
	size_t i;

	for (i = 0; i < sizeof(choosers) / sizeof(choosers[0]); i++) {
		if (!says(r, choosers[i]))
			continue;
		if (first != RULE_KEYS)
			return err_set(err, ERR_USAGE,
			    "%s= and %s= contradict: each says which requests "
			    "it is",
			    rule_keys[first].name, rule_keys[choosers[i]].name);
		first = choosers[i];
	}
	return 0;
}

static int
check_ends(const struct rule *r, struct err *err)
{
	uint64_t n = r->nth.last - r->nth.first + 1;

	if (says(r, RULE_KEY_UNTIL) && r->until_us <= r->from_us)
		return err_set(err, ERR_USAGE,
		    "until= is not later than from=: that is never");
	if (says(r, RULE_KEY_NTH) && r->times > n)
		return err_set(err, ERR_USAGE,
		    "times=%llu can never be reached: nth= names %llu",
		    (unsigned long long)r->times, (unsigned long long)n);
	return 0;
}

static int
check_after(struct rule *r, struct err *err)
{
	if (!says(r, RULE_KEY_AFTER))
		return 0;
	if (says(r, RULE_KEY_ACTED))
		return err_set(err, ERR_USAGE,
		    "acted= and after= contradict: an upload that is cut off "
		    "has acted in part");
	return rule_reach_uploads(r, err);
}

static int
check_names(const struct rule *r, struct err *err)
{
	if (says(r, RULE_KEY_BUCKET) && !rule_has_bucket(r))
		return err_set(err, ERR_USAGE,
		    "bucket= can never match: '%s' is asked of no bucket",
		    r->what);
	if (says(r, RULE_KEY_NAME) && !rule_has_name(r))
		return err_set(err, ERR_USAGE,
		    "name= can never match: '%s' names nothing but a bucket",
		    r->what);
	return 0;
}

/* --- a rule --- */

static void
settle(struct rule *r)
{
	struct fault *f = &r->fault;

	f->what = r->kind == RULE_STATUS ? FAULT_STATUS
	    : r->kind == RULE_RESET      ? FAULT_RESET
	    : r->kind == RULE_LOST       ? FAULT_LOST
	    : r->kind == RULE_REFUSED    ? FAULT_REFUSED
	    : r->kind == RULE_GOAWAY     ? FAULT_GOAWAY
					 : FAULT_ANSWER;
	f->breaks_json = r->kind == RULE_BAD_JSON;
	if (r->kind == RULE_CUT)
		f->manner.cut_at = r->at;
	if (r->kind == RULE_STALL)
		f->manner.pause_at = r->at;
	if (!says(r, RULE_KEY_UNTIL))
		r->until_us = UINT64_MAX;
}

static int
parse_words(struct rule *r, char *text, struct err *err)
{
	char *rest = text, *word;

	word = strtok_r(text, blanks, &rest);
	if (word == NULL)
		return err_set(err, ERR_USAGE, "a rule wants WHAT FAULT");
	if (strlen(word) >= sizeof(r->what))
		return err_set(err, ERR_USAGE,
		    "'%.*s...' is no kind of request and no method", QUOTE_MAX,
		    word);
	memcpy(r->what, word, strlen(word) + 1);
	if (parse_fault(r, strtok_r(NULL, blanks, &rest), err) != 0 ||
	    rule_reach(r, err) != 0)
		return -1;
	while ((word = strtok_r(NULL, blanks, &rest)) != NULL) {
		if (parse_key(r, word, err) != 0)
			return -1;
	}
	if (check_needed(r, err) != 0 || check_choice(r, err) != 0 ||
	    check_ends(r, err) != 0 || check_after(r, err) != 0)
		return -1;
	return check_names(r, err);
}

struct rule *
rule_parse(const char *text, size_t n, struct err *err)
{
	struct rule *r;
	char *copy;
	int rc;

	if (n > RULE_TEXT_MAX || memchr(text, '\0', n) != NULL) {
		err_set(err, ERR_USAGE,
		    "a rule is text, and has at most %d bytes", RULE_TEXT_MAX);
		return NULL;
	}
	r = new_rule();
	copy = mem_alloc(n + 1);
	memcpy(copy, text, n);
	copy[n] = '\0';
	rc = parse_words(r, copy, err);
	free(copy);
	if (rc == 0) {
		settle(r);
		return r;
	}
	rule_free(r);
	return NULL;
}

void
rule_format(const struct rule *r, struct buf *out)
{
	int i;

	buf_addf(out, "%s ", r->what);
	if (r->kind == RULE_STATUS)
		buf_addf(out, "%d", r->fault.status);
	else
		buf_adds(out, rule_fault_names[r->kind]);
	for (i = 0; i < RULE_KEYS; i++) {
		if (!says(r, i) && (i != RULE_KEY_ID || r->id[0] == '\0'))
			continue;
		buf_addf(out, " %s=", rule_keys[i].name);
		rule_keys[i].format((const char *)r + rule_keys[i].offset, out);
	}
}
