/* SPDX-License-Identifier: MIT */
/*
 * A proxy on loopback that makes tunnels (CONNECT) or refuses to, and keeps what
 * it was told before a tunnel stood.
 */
#ifndef TESTS_SUPPORT_PROXY_H
#define TESTS_SUPPORT_PROXY_H

#include <stddef.h>

struct loop;
struct proxy;

struct proxy *proxy_start(struct loop *loop);
void proxy_stop(struct proxy *proxy);

/* "http://127.0.0.1:PORT", valid until stop. */
const char *proxy_url(const struct proxy *proxy);

/* What it says to the tunnels to come instead of 200, up to and with the empty
 * line and a body, and then it closes; NULL: 200 again.  "": it closes without a
 * word.  Borrowed. */
void proxy_refuse(struct proxy *proxy, const char *answer);

/* Further lines of its 200, "Name: value\r\n" each.  Borrowed. */
void proxy_add(struct proxy *proxy, const char *lines);

/* All that clients said to it, head after head; "" at first. */
const char *proxy_heard(const struct proxy *proxy);

/* Tunnels that it was asked for. */
size_t proxy_tunnels(const struct proxy *proxy);

#endif
