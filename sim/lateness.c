/* SPDX-License-Identifier: MIT */
/* Three histograms a kind; their cells come with the first request of it. */
#include "sim/lateness.h"

#include <stddef.h>

#include "sim/sim.h"
#include "sim/json_out.h"

void
lateness_init(struct lateness *l)
{
	int i;

	for (i = 0; i < SIM_KINDS; i++) {
		hist_init(&l->kinds[i].asked);
		hist_init(&l->kinds[i].achieved);
		hist_init(&l->kinds[i].late);
	}
}

void
lateness_release(struct lateness *l)
{
	int i;

	for (i = 0; i < SIM_KINDS; i++) {
		hist_release(&l->kinds[i].asked);
		hist_release(&l->kinds[i].achieved);
		hist_release(&l->kinds[i].late);
	}
}

void
lateness_add(struct lateness *l, enum sim_kind kind, uint64_t asked_us,
    uint64_t achieved_us)
{
	struct delays *d = &l->kinds[kind];

	hist_add(&d->asked, asked_us);
	hist_add(&d->achieved, achieved_us);
	hist_add(&d->late, achieved_us > asked_us ? achieved_us - asked_us : 0);
}

static void
add_hist(struct json_out *w, const char *key, const struct hist *h)
{
	static const struct {
		const char *key;
		double share;
	} rows[] = { { "p50", 0.50 }, { "p90", 0.90 }, { "p99", 0.99 } };
	size_t i;

	json_key(w, key);
	json_open(w, '{');
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_key(w, rows[i].key);
		json_u64(w, hist_quantile(h, rows[i].share));
	}
	json_key(w, "max");
	json_u64(w, h->max);
	json_close(w, '}');
}

void
lateness_add_json(const struct lateness *l, struct json_out *w)
{
	const struct delays *d;
	int i;

	json_open(w, '{');
	for (i = 0; i < SIM_KINDS; i++) {
		d = &l->kinds[i];
		if (d->asked.count == 0)
			continue;
		json_key(w, sim_kind_name((enum sim_kind)i));
		json_open(w, '{');
		json_key(w, "count");
		json_u64(w, d->asked.count);
		add_hist(w, "asked_us", &d->asked);
		add_hist(w, "achieved_us", &d->achieved);
		add_hist(w, "late_us", &d->late);
		json_close(w, '}');
	}
	json_close(w, '}');
}
