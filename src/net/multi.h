/* SPDX-License-Identifier: MIT */
/*
 * One libcurl multi handle, turned by a loop: curl says which sockets and which
 * timer it wants watched, the loop's events tell it when they are ready.
 */
#ifndef NET_MULTI_H
#define NET_MULTI_H

#include <curl/curl.h>
#include <stdbool.h>

struct loop;
struct multi;

/* on_turn(arg) is called from the loop after curl has worked, when it is safe
 * to add and remove handles. */
struct multi *multi_new(struct loop *loop, unsigned connections,
    void (*on_turn)(void *arg), void *arg);

/* Closes the connections.  The easy handles must be gone. */
void multi_free(struct multi *m);

CURLM *multi_curl(struct multi *m);

/* on_turn is called in the loop's next turn, whatever curl does. */
void multi_wake(struct multi *m);

/* Makes an easy handle open and close its sockets through m, and share the
 * sessions of TLS with the others. */
void multi_adopt(struct multi *m, CURL *easy);

/* Has any socket been opened yet?  Then the name of a host was found, and curl
 * remembers it. */
bool multi_has_opened(const struct multi *m);

/* The socket that has this local port and leads to this address, or
 * CURL_SOCKET_BAD: curl tells those who ask in the middle of a request the ends
 * of its connection, but not the socket. */
curl_socket_t multi_find_socket(struct multi *m, int local_port,
    const char *peer);

#endif
