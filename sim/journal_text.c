/* SPDX-License-Identifier: MIT */
/* The journal for people and for golden files. */
#include "sim/journal.h"

#include "sim/json_out.h"
#include "src/base/buf.h"

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
	json_close(&w, '}');
	json_end(&w);
}

void
journal_add_json(const struct journal *j, struct buf *out)
{
	size_t i;

	for (i = 0; i < j->rows.n; i++)
		add_row(&j->rows.v[i], &j->keys.v[j->rows.v[i].key], out);
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
	size_t i;

	for (i = 0; i < j->rows.n; i++) {
		key = &j->keys.v[j->rows.v[i].key];
		buf_adds(out, sim_kind_name(key->kind));
		buf_addc(out, ' ');
		add_name(key, out);
		buf_addc(out, ' ');
		json_add_u64(out, j->rows.v[i].status);
		buf_addc(out, '\n');
	}
}
