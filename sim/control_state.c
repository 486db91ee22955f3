/* SPDX-License-Identifier: MIT */
/* Each writes the simulator's reply, as the rows of control.c do. */
#include "sim/control_priv.h"

#include <string.h>

#include "sim/bucket.h"
#include "sim/http.h"
#include "sim/sim_priv.h"
#include "sim/sim_state.h"
#include "sim/json_out.h"
#include "sim/snapshot.h"
#include "sim/store.h"
#include "src/base/str.h"

enum { NAME_TEXT_MAX = 4096 };

/* The name in the query, as long as out is; "" for one that cannot be. */
static const char *
name_of(const struct control *c, struct buf *out)
{
	buf_init(out, NAME_TEXT_MAX);
	return query_get(&c->query, "name", out) == 0 &&
		strlen(out->data) == out->len
	    ? out->data
	    : "";
}

static void
add_snapshot(const struct snapshot *s, struct json_out *w)
{
	const struct bucket *b;
	uint64_t buckets = 0, objects = 0, bytes = 0;

	for (b = s->world.buckets; b != NULL; b = b->next) {
		buckets++;
		objects += bucket_objects(b);
		bytes += bucket_bytes(b);
	}
	json_open(w, '{');
	json_key(w, "name");
	json_str(w, s->name);
	json_key(w, "buckets");
	json_u64(w, buckets);
	json_key(w, "objects");
	json_u64(w, objects);
	json_key(w, "bytes");
	json_u64(w, bytes);
	json_close(w, '}');
}

void
control_snapshot(struct control *c)
{
	struct err err = ERR_INIT;
	struct json_out w;
	struct buf name;

	if (sim_snapshot(c->sim, name_of(c, &name), &err) != 0) {
		control_refuse(c, &err);
	} else {
		json_init(&w, &c->sim->reply.body, true, NULL);
		add_snapshot(snapshot_find(c->sim->snapshots, name.data), &w);
		json_end(&w);
	}
	buf_release(&name);
}

void
control_snapshots(struct control *c)
{
	const struct snapshot *s;
	struct json_out w;

	json_init(&w, &c->sim->reply.body, true, NULL);
	json_open(&w, '{');
	json_key(&w, "snapshots");
	json_open(&w, '[');
	for (s = c->sim->snapshots; s != NULL; s = s->next)
		add_snapshot(s, &w);
	json_close(&w, ']');
	json_close(&w, '}');
	json_end(&w);
}

void
control_forget(struct control *c)
{
	struct err err = ERR_INIT;
	struct buf name;
	int rc = sim_forget(c->sim, name_of(c, &name), &err);

	control_done(c, rc, &err);
	buf_release(&name);
}

void
control_restore(struct control *c)
{
	struct err err = ERR_INIT;
	struct buf name;
	int rc = sim_restore(c->sim, name_of(c, &name), &err);

	control_done(c, rc, &err);
	buf_release(&name);
}

static void
refuse_image(struct control *c, const struct err *err)
{
	if (store_is_built())
		control_refuse(c, err);
	else
		reply_error(&c->sim->reply, 501, "notImplemented", NULL,
		    err->text);
}

/* Answered here, since the reply would keep the room that it takes. */
void
control_save(struct control *c)
{
	static const char head[] = "Cache-Control: no-store\r\n"
				   "Content-Type: application/vnd.sqlite3\r\n";
	struct err err = ERR_INIT;
	struct buf image;

	buf_init(&image, HTTP_MAX_BODY);
	if (sim_save(c->sim, &image, &err) != 0) {
		refuse_image(c, &err);
	} else {
		http_answer(c->sim->http, c->x, 200, loop_wall(c->sim->loop),
		    head, image.data, image.len);
		c->x = NULL;
	}
	buf_release(&image);
}

void
control_load(struct control *c)
{
	struct err err = ERR_INIT;

	if (sim_load(c->sim, c->body, c->body_len, &err) != 0)
		refuse_image(c, &err);
	else
		control_done(c, 0, &err);
}

void
control_reset(struct control *c)
{
	struct err err = ERR_INIT;
	int rc = 0;

	if (query_is(&c->query, "state", "start"))
		rc = sim_restart(c->sim, &err);
	else if (query_names(&c->query, "state"))
		rc = err_set(&err, ERR_USAGE,
		    "reset knows state=start, or none");
	if (rc == 0)
		sim_reset_counts(c->sim);
	control_done(c, rc, &err);
}

void
control_reseed(struct control *c)
{
	struct err err = ERR_INIT;
	int rc = sim_reseed(c->sim, &err);

	control_done(c, rc, &err);
}

void
control_delete_all(struct control *c)
{
	struct err err = ERR_INIT;
	int rc = sim_delete_all(c->sim, &err);

	control_done(c, rc, &err);
}
