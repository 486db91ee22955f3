/* SPDX-License-Identifier: MIT */
/* The part of control.c that tells what happens as it happens. */
#include "sim/control_priv.h"

#include "sim/events.h"
#include "sim/sim_priv.h"

void
control_events(struct control *c)
{
	struct err err = ERR_INIT;

	if (events_open(c->sim->events, c->x, &c->query, &err) == 0)
		c->x = NULL;
	else
		control_refuse(c, &err);
}
