/* SPDX-License-Identifier: MIT */
/*
 * From a request to an operation of the XML API.  A bucket stands in the path
 * (`/BUCKET/OBJECT...`, slashes and all) or in front of the host:
 *
 *	BUCKET.storage.googleapis.com
 *	BUCKET.localhost
 *	BUCKET.127.0.0.1.nip.io		any name that goes on with an address
 *
 * Any other host is the server's own.  What begins as the JSON API does
 * (`/storage/v1`, ...) is not ours; on a host without a bucket neither is what
 * is below `/b`, which is too short for a bucket, and `/batch`, nor what looks
 * like the keys or the account of a project (`/projects/P/hmacKeys`): a bucket of
 * that name is reached by its host.
 */
#ifndef SIM_XML_ROUTE_H
#define SIM_XML_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/http.h"

struct route;

/* False: it is a request of the JSON API, and *r is as it was.  target is
 * borrowed as long as r is in use; host is the header, or NULL. */
bool xml_route_parse(struct route *r, enum http_method method,
    const char *target, const char *host);

/* The length of the bucket's name in front of a host; 0: there is none. */
size_t xml_route_host_bucket(const char *host);

#endif
