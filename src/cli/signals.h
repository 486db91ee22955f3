/* SPDX-License-Identifier: MIT */
/*
 * The signals that end a run: INT, TERM and HUP.  The first one raises
 * is_stopping, so that nothing new is begun, keeps back what the driver has not
 * sent yet, and gives what is on the wire drain_us to settle; the end of that
 * time, or a second signal, cancels it.
 *
 * The handlers are set explicitly: as process 1 of a container we would get no
 * default action.  A signal that was ignored when we started (nohup, a shell's
 * job in the background) stays ignored.
 *
 * "Callbacks end at the net floor" is bent here, and in progress.c: a signal
 * and a clock tick come when they please, and only the loop knows when.  Both
 * callbacks raise flags, cancel, or read numbers; neither runs the engine.
 */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/loop.h"

struct signals;
struct storage;

enum { SIGNALS = 3 };

struct signals {
	struct storage *store;  /* the owner's; NULL: nothing to cancel yet */
	struct storage *driver; /* below it, of gcs_open; NULL: none */
	uint64_t drain_us;      /* the owner's; 0: what is in flight is reads */

	bool is_stopping;
	int signo; /* the first that came, or 0 */

	struct loop *loop;
	struct loop_timer drain;
	struct signal_hook {
		struct signals *signals;
		int signo;
	} hooks[SIGNALS];
};

void signals_init(struct signals *s, struct loop *loop);
void signals_release(struct signals *s);

/* Hears what came while nobody turned the loop; answers is_stopping. */
bool signals_look(struct signals *s);

/* Waits until fd can be read; false when the wait was ended by a signal.  None
 * is lost, whenever it comes. */
bool signals_wait(struct signals *s, int fd);

/* The run is over and its status decided: from here on neither these signals
 * nor SIGUSR1 do anything.  Released, they would end the process by a status of
 * their own, and what is not flushed yet would be lost. */
void signals_hold(void);

/* "SIGINT", ... */
const char *signals_name(int signo);

#endif
