/* SPDX-License-Identifier: MIT */
/* The part of control.c that tells the options and changes them. */
#include "sim/control_priv.h"

#include "sim/conf.h"
#include "sim/sim_priv.h"
#include "sim/json_out.h"

void
control_config(struct control *c)
{
	const struct conf *conf = &c->sim->conf;
	struct json_out w;

	json_init(&w, &c->sim->reply.body, true, NULL);
	json_open(&w, '{');
	json_key(&w, "live");
	conf_add(conf, true, &w);
	json_key(&w, "fixed");
	conf_add(conf, false, &w);
	json_close(&w, '}');
	json_end(&w);
}

void
control_configure(struct control *c)
{
	struct sim *sim = c->sim;
	struct conf_change change;
	struct err err = ERR_INIT;

	if (conf_change_parse(&change, &sim->conf, c->body, c->body_len,
		&err) != 0 ||
	    sim_configure(sim, &change.next.opts, &err) != 0)
		control_refuse(c, &err);
	else
		control_config(c);
	conf_change_release(&change);
}
