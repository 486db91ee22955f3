/* SPDX-License-Identifier: MIT */
/*
 * A write to nobody raises no signal.  Of a plain connection each read and each
 * send is one call of the system; inside of TLS a read takes as much as it can
 * from the network first, and a send is of a few records.
 */
#include "sim/wire.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "sim/tls.h"

enum {
	PIECES = 16, /* of an answer in one write; most have two */
	READ_BYTES = 32 * 1024,
	DISCARD_BYTES = 64 * 1024,
	/* Of a send, so that one large answer does not hold up the others. */
	RECORDS = 4,
	/* What a client can make us say without taking any of it. */
	UNTAKEN_MAX = 64 * 1024
};

void
wire_init(struct wire *w, struct event_base *events, evutil_socket_t fd,
    struct tls *tls)
{
	*w = (struct wire){ .events = events, .fd = fd };
	if (tls != NULL)
		w->talk = tls_talk_new(tls);
}

void
wire_release(struct wire *w)
{
	if (w->flush != NULL)
		event_free(w->flush);
	tls_talk_free(w->talk);
	close(w->fd);
}

static bool
is_passing(void)
{
	return errno == EAGAIN || errno == EINTR;
}

/* --- to the network --- */

static size_t
count_waiting(const struct wire *w)
{
	size_t n;

	tls_talk_waiting(w->talk, &n);
	return n;
}

/* Of what TLS wants to say, as much as goes. */
static enum wire_sent
flush(struct wire *w)
{
	size_t n;
	const void *bytes = tls_talk_waiting(w->talk, &n);
	ssize_t sent = n > 0 ? send(w->fd, bytes, n, MSG_NOSIGNAL) : 0;

	if (sent < 0)
		return is_passing() ? WIRE_SOME : WIRE_GONE;
	tls_talk_sent(w->talk, (size_t)sent);
	return (size_t)sent == n ? WIRE_ALL : WIRE_SOME;
}

static void flush_on(struct wire *w);

static void
on_writable(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	flush_on(arg);
}

/* What has to leave although nobody sends: answers to a handshake.  Whoever
 * reads hears of a client that has gone. */
static void
flush_on(struct wire *w)
{
	if (flush(w) != WIRE_SOME)
		return;
	if (w->flush == NULL)
		w->flush = event_new(w->events, w->fd, EV_WRITE, on_writable,
		    w);
	event_add(w->flush, NULL);
}

static enum wire_sent
send_plain(struct wire *w, struct evbuffer *out)
{
	struct evbuffer_iovec pieces[PIECES];
	int n = evbuffer_peek(out, -1, NULL, pieces, PIECES);
	struct msghdr message = { .msg_iov = pieces,
		.msg_iovlen = (size_t)(n < PIECES ? n : PIECES) };
	ssize_t sent = sendmsg(w->fd, &message, MSG_NOSIGNAL);

	if (sent < 0 && !is_passing())
		return WIRE_GONE;
	if (sent > 0)
		evbuffer_drain(out, (size_t)sent);
	return evbuffer_get_length(out) > 0 ? WIRE_SOME : WIRE_ALL;
}

static enum wire_sent
send_inside(struct wire *w, struct evbuffer *out)
{
	char bytes[TLS_RECORD_MAX];
	enum wire_sent sent;
	ev_ssize_t n;
	int i;

	if (count_waiting(w) == 0) {
		for (i = 0; i < RECORDS && evbuffer_get_length(out) > 0; i++) {
			n = evbuffer_remove(out, bytes, sizeof(bytes));
			if (!tls_talk_write(w->talk, bytes, (size_t)n))
				return WIRE_GONE;
		}
	}
	sent = flush(w);
	return sent == WIRE_ALL && evbuffer_get_length(out) > 0 ? WIRE_SOME
								: sent;
}

enum wire_sent
wire_send(struct wire *w, struct evbuffer *out)
{
	return w->talk != NULL ? send_inside(w, out) : send_plain(w, out);
}

void
wire_say(struct wire *w, const void *bytes, size_t n)
{
	ssize_t sent = 0;

	if (w->talk == NULL)
		sent = send(w->fd, bytes, n, MSG_NOSIGNAL);
	else if (tls_talk_write(w->talk, bytes, n))
		flush_on(w);
	(void)sent;
}

bool
wire_end(struct wire *w, bool is_cut)
{
	if (w->talk != NULL && !is_cut) {
		if (!w->has_ended)
			tls_talk_end(w->talk);
		w->has_ended = true;
		if (flush(w) == WIRE_SOME)
			return false;
	}
	shutdown(w->fd, SHUT_WR);
	return true;
}

void
wire_set_reset(struct wire *w)
{
	const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(w->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

/* --- from the network --- */

static bool
receive(struct wire *w, void *room, size_t *n)
{
	ssize_t got = recv(w->fd, room, *n, 0);

	*n = got > 0 ? (size_t)got : 0;
	w->has_begun |= got > 0;
	return got > 0 || (got < 0 && is_passing());
}

bool
wire_discard(struct wire *w)
{
	char bytes[DISCARD_BYTES];
	size_t n = sizeof(bytes);

	return receive(w, bytes, &n);
}

/* Takes from the network what TLS hungers for; false when there is no end of
 * its hunger. */
static bool
feed(struct wire *w)
{
	char bytes[READ_BYTES];
	size_t n = sizeof(bytes);

	if (!receive(w, bytes, &n))
		return false;
	tls_talk_feed(w->talk, bytes, n);
	w->may_hold = n > 0;
	return true;
}

/* Reading makes TLS speak: that is how a handshake goes. */
static bool
read_inside(struct wire *w, void *room, size_t *n)
{
	size_t size = *n;
	enum tls_found found = TLS_HUNGRY;

	*n = 0;
	if (!w->may_hold && !feed(w))
		return false;
	if (w->may_hold) {
		*n = size;
		found = tls_talk_read(w->talk, room, n);
	}
	w->may_hold = found == TLS_BYTES;
	flush_on(w);
	return found != TLS_END && found != TLS_FAULTY &&
	    count_waiting(w) <= UNTAKEN_MAX;
}

bool
wire_read(struct wire *w, void *room, size_t *n)
{
	return w->talk != NULL ? read_inside(w, room, n) : receive(w, room, n);
}

bool
wire_holds(const struct wire *w)
{
	return w->may_hold;
}

bool
wire_is_up(const struct wire *w)
{
	return w->talk == NULL || tls_talk_is_up(w->talk);
}

bool
wire_speaks_http2(const struct wire *w)
{
	return w->talk != NULL && tls_talk_is_http2(w->talk);
}

bool
wire_is_shaking(const struct wire *w)
{
	return w->has_begun && !wire_is_up(w);
}
