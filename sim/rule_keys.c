/* SPDX-License-Identifier: MIT */
/* Each value has a reader and a writer; what one has written the other takes
 * for the same. */
#include "sim/rule_keys.h"

#include <string.h>

#include "sim/cost.h"
#include "sim/glob.h"
#include "sim/http.h"
#include "sim/percent.h"
#include "sim/rule.h"
#include "src/base/buf.h"
#include "src/base/opt.h"
#include "src/base/str.h"

/* A year, and ten of them. */
#define TIME_MAX_US UINT64_C(31622400000000)
#define SKEW_MAX_US (10 * (int64_t)TIME_MAX_US)

/* A day: nobody waits longer for a retry. */
#define RETRY_MAX_S 86400

const char *const rule_fault_names[RULE_FAULTS] = {
	[RULE_RESET] = "reset",
	[RULE_LOST] = "lost",
	[RULE_CUT] = "cut",
	[RULE_STALL] = "stall",
	[RULE_DRIP] = "drip",
	[RULE_BAD_JSON] = "bad-json",
	[RULE_PAGE_TOKEN] = "page-token",
	[RULE_SKEW] = "skew",
	[RULE_REFUSED] = "refused",
	[RULE_GOAWAY] = "goaway",
};

static void
add_u64(struct buf *out, uint64_t v)
{
	buf_addf(out, "%llu", (unsigned long long)v);
}

/* --- ids and names --- */

bool
rule_is_id(const char *text)
{
	size_t n = strspn(text,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789._-");

	return n > 0 && n < FAULT_MARK_MAX && text[n] == '\0';
}

static bool
parse_id(const char *text, void *slot)
{
	if (!rule_is_id(text))
		return false;
	memcpy(slot, text, strlen(text) + 1);
	return true;
}

static void
format_id(const void *slot, struct buf *out)
{
	buf_adds(out, slot);
}

static bool
parse_names(const char *text, void *slot)
{
	struct rule_names *names = slot;
	const char *fault;
	struct buf decoded;

	buf_init(&decoded, GLOB_MAX);
	if (percent_decode(&decoded, text, strlen(text), false) == 0 &&
	    decoded.len > 0 && !decoded.full)
		names->glob = glob_parse(decoded.data, decoded.len, &fault);
	if (names->glob != NULL) {
		names->n = decoded.len;
		names->text = buf_steal(&decoded);
	}
	buf_release(&decoded);
	return names->glob != NULL;
}

/* What would end the word or the rule is encoded, and what is not ASCII. */
static void
format_names(const void *slot, struct buf *out)
{
	const struct rule_names *names = slot;
	size_t i;

	for (i = 0; i < names->n; i++) {
		unsigned char c = (unsigned char)names->text[i];

		if (c <= ' ' || c >= 0x7f || c == '%' || c == ';')
			buf_addf(out, "%%%02X", c);
		else
			buf_addc(out, (char)c);
	}
}

/* --- numbers --- */

static bool
parse_count(const char *text, void *slot)
{
	uint64_t v;

	if (str_parse_u64(text, &v) != 0 || v < 1 || v > RULE_COUNT_MAX)
		return false;
	memcpy(slot, &v, sizeof(v));
	return true;
}

static void
format_count(const void *slot, struct buf *out)
{
	uint64_t v;

	memcpy(&v, slot, sizeof(v));
	add_u64(out, v);
}

static bool
parse_span(const char *text, void *slot)
{
	struct rule_span *span = slot;
	const char *dash = strchr(text, '-');
	char first[24];
	size_t n = dash != NULL ? (size_t)(dash - text) : strlen(text);

	if (n >= sizeof(first))
		return false;
	memcpy(first, text, n);
	first[n] = '\0';
	return parse_count(first, &span->first) &&
	    parse_count(dash != NULL ? dash + 1 : first, &span->last) &&
	    span->first <= span->last;
}

static void
format_span(const void *slot, struct buf *out)
{
	const struct rule_span *span = slot;

	add_u64(out, span->first);
	if (span->last == span->first)
		return;
	buf_addc(out, '-');
	add_u64(out, span->last);
}

/* "20%", "0.5%", with up to four decimals: in millionths. */
static bool
parse_rate(const char *text, void *slot)
{
	size_t n = strlen(text), point = strcspn(text, ".");
	uint64_t v = 0;
	size_t i, digits = 0;

	if (n < 2 || n > 9 || text[n - 1] != '%' || text[0] == '.' ||
	    point == n - 2)
		return false;
	for (i = 0; i < n - 1; i++) {
		if (i == point)
			continue;
		if (text[i] < '0' || text[i] > '9')
			return false;
		v = 10 * v + (uint64_t)(text[i] - '0');
		digits += i > point;
	}
	for (; digits < 4; digits++)
		v *= 10;
	if (digits > 4 || v == 0 || v > RULE_ALWAYS)
		return false;
	memcpy(slot, &v, sizeof(v));
	return true;
}

static void
format_rate(const void *slot, struct buf *out)
{
	uint64_t v, fraction;

	memcpy(&v, slot, sizeof(v));
	add_u64(out, v / 10000);
	if ((fraction = v % 10000) > 0) {
		int digits = 4;

		for (; fraction % 10 == 0; fraction /= 10)
			digits--;
		buf_addf(out, ".%0*llu", digits, (unsigned long long)fraction);
	}
	buf_addc(out, '%');
}

/* --- times and sizes --- */

static bool
parse_time(const char *text, void *slot)
{
	uint64_t us;

	if (str_parse_duration(text, &us) != 0 || us < 1 || us > TIME_MAX_US)
		return false;
	memcpy(slot, &us, sizeof(us));
	return true;
}

static void
add_time(struct buf *out, uint64_t us)
{
	char text[STR_DURATION_MAX];

	buf_adds(out, str_format_duration(text, us));
}

static void
format_time(const void *slot, struct buf *out)
{
	uint64_t us;

	memcpy(&us, slot, sizeof(us));
	add_time(out, us);
}

static bool
parse_seconds(const char *text, void *slot)
{
	uint64_t us;

	if (!parse_time(text, &us) || us % 1000000 != 0 ||
	    us / 1000000 > RETRY_MAX_S)
		return false;
	us /= 1000000;
	memcpy(slot, &us, sizeof(us));
	return true;
}

static void
format_seconds(const void *slot, struct buf *out)
{
	format_count(slot, out);
	buf_addc(out, 's');
}

static bool
parse_shift(const char *text, void *slot)
{
	bool is_signed = text[0] == '-' || text[0] == '+';
	uint64_t us;
	int64_t v;

	if (str_parse_duration(text + is_signed, &us) != 0 || us < 1 ||
	    us > (uint64_t)SKEW_MAX_US)
		return false;
	v = text[0] == '-' ? -(int64_t)us : (int64_t)us;
	memcpy(slot, &v, sizeof(v));
	return true;
}

static void
format_shift(const void *slot, struct buf *out)
{
	int64_t v;

	memcpy(&v, slot, sizeof(v));
	buf_addc(out, v < 0 ? '-' : '+');
	add_time(out, v < 0 ? (uint64_t)-v : (uint64_t)v);
}

static bool
parse_bytes(const char *text, void *slot)
{
	uint64_t v;

	if (str_parse_size(text, &v) != 0 || v > HTTP_MAX_BODY)
		return false;
	memcpy(slot, &v, sizeof(v));
	return true;
}

static void
format_bytes(const void *slot, struct buf *out)
{
	format_count(slot, out);
}

static bool
parse_pace(const char *text, void *slot)
{
	struct err err;
	uint64_t v = 0;

	if (sim_bandwidth_grammar.parse(text, &v, &err) != 0 || v == 0)
		return false;
	memcpy(slot, &v, sizeof(v));
	return true;
}

static void
format_pace(const void *slot, struct buf *out)
{
	sim_bandwidth_grammar.format(slot, out);
}

/* --- one of two words --- */

static bool
parse_acted(const char *text, void *slot)
{
	bool v = strcmp(text, "yes") == 0;

	memcpy(slot, &v, sizeof(v));
	return v || strcmp(text, "no") == 0;
}

static void
format_acted(const void *slot, struct buf *out)
{
	buf_adds(out, *(const bool *)slot ? "yes" : "no");
}

static bool
parse_end(const char *text, void *slot)
{
	bool v = strcmp(text, "reset") == 0;

	memcpy(slot, &v, sizeof(v));
	return v || strcmp(text, "close") == 0;
}

static void
format_end(const void *slot, struct buf *out)
{
	buf_adds(out, *(const bool *)slot ? "reset" : "close");
}

static bool
parse_token(const char *text, void *slot)
{
	enum fault_token v = strcmp(text, "same") == 0 ? FAULT_TOKEN_SAME
						       : FAULT_TOKEN_BAD;

	memcpy(slot, &v, sizeof(v));
	return v == FAULT_TOKEN_SAME || strcmp(text, "bad") == 0;
}

static void
format_token(const void *slot, struct buf *out)
{
	enum fault_token v;

	memcpy(&v, slot, sizeof(v));
	buf_adds(out, v == FAULT_TOKEN_SAME ? "same" : "bad");
}

/* --- the table --- */

#define BIT(fault)    (1U << (fault))
#define AT(member)    .offset = offsetof(struct rule, member)
#define READ_AS(type) .parse = parse_##type, .format = format_##type

enum {
	ALL = BIT(RULE_FAULTS) - 1,
	EARLY_OR_LATE = BIT(RULE_STATUS) | BIT(RULE_RESET),
	PLACED = BIT(RULE_CUT) | BIT(RULE_STALL)
};

static const char want_count[] = "a number from 1 to 1000000000";
static const char want_names[] = "a pattern as matchGlob has it; a blank is "
				 "%20, ; is %3B and % is %25";
static const char want_bytes[] = "a size such as 512 or 64KiB, up to 1GiB";
static const char want_time[] =
    "a time such as 42ms or 1.5s, above 0 and up to 8784h";

const struct rule_key rule_keys[RULE_KEYS] = {
	[RULE_KEY_ID] = { "id", "NAME", ALL, 0, AT(id), READ_AS(id),
	    .want = "1 to 63 of A-Z, a-z, 0-9, '.', '_' and '-'" },
	[RULE_KEY_BUCKET] = { "bucket", "GLOB", ALL, 0, AT(bucket),
	    READ_AS(names), .want = want_names },
	[RULE_KEY_NAME] = { "name", "GLOB", ALL, 0, AT(name), READ_AS(names),
	    .want = want_names },
	[RULE_KEY_CONNECTION] = { "connection", "N", ALL, 0, AT(connection),
	    READ_AS(count), .want = want_count },
	[RULE_KEY_TURN] = { "turn", "N", ALL, 0, AT(turn), READ_AS(count),
	    .want = want_count },
	[RULE_KEY_FROM] = { "from", "DURATION", ALL, 0, AT(from_us),
	    READ_AS(time), .want = want_time },
	[RULE_KEY_UNTIL] = { "until", "DURATION", ALL, 0, AT(until_us),
	    READ_AS(time), .want = want_time },
	[RULE_KEY_NTH] = { "nth", "N[-M]", ALL, 0, AT(nth), READ_AS(span),
	    .want = "N or N-M, from 1 to 1000000000, M not below N" },
	[RULE_KEY_EVERY] = { "every", "N", ALL, 0, AT(every), READ_AS(count),
	    .want = want_count },
	[RULE_KEY_RATE] = { "rate", "PERCENT", ALL, 0, AT(rate), READ_AS(rate),
	    .want = "a percentage above 0% and up to 100%, with at most four "
		    "decimals" },
	[RULE_KEY_TIMES] = { "times", "N", ALL, 0, AT(times), READ_AS(count),
	    .want = want_count },
	[RULE_KEY_ACTED] = { "acted", "yes|no", EARLY_OR_LATE, 0,
	    AT(fault.has_acted), READ_AS(acted), .want = "yes or no" },
	[RULE_KEY_AFTER] = { "after", "BYTES", EARLY_OR_LATE, 0,
	    AT(fault.keep_bytes), READ_AS(bytes), .want = want_bytes },
	[RULE_KEY_RETRY_AFTER] = { "retry-after", "DURATION", BIT(RULE_STATUS),
	    0, AT(fault.retry_after_s), READ_AS(seconds),
	    .want = "whole seconds such as 5s, from 1s to 24h" },
	[RULE_KEY_AT] = { "at", "BYTES", PLACED, BIT(RULE_CUT), AT(at),
	    READ_AS(bytes), .want = want_bytes },
	[RULE_KEY_END] = { "end", "close|reset", BIT(RULE_CUT), 0,
	    AT(fault.manner.is_reset), READ_AS(end), .want = "close or reset" },
	[RULE_KEY_FOR] = { "for", "DURATION", BIT(RULE_STALL), BIT(RULE_STALL),
	    AT(fault.manner.pause_us), READ_AS(time), .want = want_time },
	[RULE_KEY_PACE] = { "pace", "BYTES/s", BIT(RULE_DRIP), BIT(RULE_DRIP),
	    AT(fault.manner.bytes_per_second), READ_AS(pace),
	    .want = "bytes a second such as 100B/s, up to 1TiB/s" },
	[RULE_KEY_TOKEN] = { "token", "same|bad", BIT(RULE_PAGE_TOKEN),
	    BIT(RULE_PAGE_TOKEN), AT(fault.token), READ_AS(token),
	    .want = "same or bad" },
	[RULE_KEY_BY] = { "by", "DURATION", BIT(RULE_SKEW), BIT(RULE_SKEW),
	    AT(fault.skew_us), READ_AS(shift),
	    .want = "a time such as -5m or +1h, not 0 and up to 87840h" },
};
