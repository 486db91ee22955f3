/* SPDX-License-Identifier: MIT */
#include "src/cli/pace_line.h"

#include "src/base/buf.h"
#include "src/gcs/gcs.h"

void
pace_line_format(const struct gcs_status *s, struct buf *out)
{
	if (s->write_rate > 0)
		buf_addf(out, "pace %.0f/s", s->write_rate);
	else
		buf_adds(out, "pace free");
	buf_addf(out, " (%s), %u in flight of %u", s->why, s->in_flight,
	    s->window);
	if (s->waiting > 0)
		buf_addf(out, ", %u waiting", s->waiting);
	buf_addf(out, ", up to %u connections", s->connections);
	if (s->is_outage)
		buf_adds(out, "; the server is out, and asked once a second");
}
