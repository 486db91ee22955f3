/* SPDX-License-Identifier: MIT */
/*
 * All buckets in files.  The caller's thread reads and writes them; that of the
 * simulator, which never waits for a disk, has the bytes alone.
 */
#include "sim/gcssim.h"

#include "sim/gcssim_priv.h"
#include "sim/http.h"
#include "sim/sim_state.h"
#include "sim/state_file.h"
#include "src/base/buf.h"

static void
run_save(void *arg)
{
	struct question *q = arg;

	q->rc = sim_save(q->sim->sim, q->bytes, &q->err);
}

int
gcssim_save(struct gcssim *sim, const char *path, struct gcssim_error *err)
{
	struct buf image;
	struct question q = { .bytes = &image };
	int rc;

	buf_init(&image, HTTP_MAX_BODY);
	rc = ask_thread(sim, run_save, &q, err);
	if (rc == 0 && state_file_write(path, &image, &q.err) != 0)
		rc = tell_caller(err, &q.err);
	buf_release(&image);
	return rc;
}

static void
run_load(void *arg)
{
	struct question *q = arg;

	q->rc = sim_load(q->sim->sim, q->bytes->data, q->bytes->len, &q->err);
	if (q->rc != 0)
		err_wrap(&q->err, "%.200s", q->text);
}

int
gcssim_load(struct gcssim *sim, const char *path, struct gcssim_error *err)
{
	struct buf image;
	struct question q = { .bytes = &image, .text = path };
	int rc;

	buf_init(&image, HTTP_MAX_BODY);
	if (state_file_read(path, &image, &q.err) != 0)
		rc = tell_caller(err, &q.err);
	else
		rc = ask_thread(sim, run_load, &q, err);
	buf_release(&image);
	return rc;
}
