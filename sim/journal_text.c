/* SPDX-License-Identifier: MIT */
/* The journal for people and for golden files, and its length as text. */
#include "sim/journal.h"

#include <string.h>

#include "sim/http.h"
#include "sim/json_out.h"
#include "sim/method.h"
#include "src/base/buf.h"
#include "src/base/opt.h"
#include "src/base/str.h"

static void
add_row(const struct journal_row *row, const struct journal_key *key,
    struct buf *out)
{
	struct json_out w;

	json_init(&w, out, false, NULL);
	json_open(&w, '{');
	json_key(&w, "at_us");
	json_u64(&w, row->at_us);
	json_key(&w, "kind");
	json_str(&w, sim_kind_name(key->kind));
	json_key(&w, "bucket");
	json_str(&w, key->bucket);
	json_key(&w, "name");
	json_text(&w, key->name, key->name_len);
	json_key(&w, "nth");
	json_u64(&w, row->nth);
	json_key(&w, "status");
	json_u64(&w, row->status);
	json_key(&w, "took_us");
	json_u64(&w, row->took_us);
	json_key(&w, "method");
	json_str(&w, http_method_name((enum http_method)row->method));
	json_key(&w, "target");
	json_str(&w, row->target);
	json_key(&w, "operation");
	json_str(&w, method_label((enum operation)row->op));
	json_close(&w, '}');
	json_end(&w);
}

void
journal_add_json(const struct journal *j, struct buf *out)
{
	const struct journal_row *row;
	uint64_t i;

	for (i = journal_first(j); i < j->next; i++) {
		row = journal_row(j, i);
		add_row(row, journal_key(j, row), out);
	}
}

/* One request is one line, whatever bytes its name has. */
static void
add_name(const struct journal_key *key, struct buf *out)
{
	size_t i;

	for (i = 0; i < key->name_len; i++) {
		unsigned char c = (unsigned char)key->name[i];

		if (c <= ' ' || c == 0x7f)
			buf_addf(out, "%%%02X", c);
		else
			buf_addc(out, (char)c);
	}
}

void
journal_add_text(const struct journal *j, struct buf *out)
{
	const struct journal_key *key;
	const struct journal_row *row;
	uint64_t i;

	for (i = journal_first(j); i < j->next; i++) {
		row = journal_row(j, i);
		key = journal_key(j, row);
		buf_adds(out, sim_kind_name(key->kind));
		buf_addc(out, ' ');
		add_name(key, out);
		buf_addc(out, ' ');
		json_add_u64(out, row->status);
		buf_addc(out, '\n');
	}
}

/* --- how many rows, as text --- */

/* Some 200 GB. */
enum { ROWS_MAX = 1000000000 };

static int
parse_cap(const char *text, void *value, struct err *err)
{
	uint64_t rows = 0;
	int rc = 0;

	if (strcmp(text, "all") == 0)
		rows = SIM_JOURNAL_ALL;
	else if (strcmp(text, "off") != 0 &&
	    (str_parse_u64(text, &rows) != 0 || rows > ROWS_MAX))
		rc = -1;
	if (rc != 0)
		return err_set(err, ERR_USAGE,
		    "'%s': want how many requests, such as 10000, up to %d, "
		    "or all, or off",
		    text, ROWS_MAX);
	memcpy(value, &rows, sizeof(rows));
	return 0;
}

static void
format_cap(const void *value, struct buf *out)
{
	uint64_t rows;

	memcpy(&rows, value, sizeof(rows));
	if (rows == 0)
		buf_adds(out, "off");
	else if (rows == SIM_JOURNAL_ALL)
		buf_adds(out, "all");
	else
		json_add_u64(out, rows);
}

const struct opt_grammar sim_journal_grammar = { sizeof(uint64_t), parse_cap,
	format_cap, NULL };
