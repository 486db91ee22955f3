/* SPDX-License-Identifier: MIT */
/* The HTTP library below the client, for those who must say which it is. */
#ifndef NET_LIBRARY_H
#define NET_LIBRARY_H

/* "7.88.1", of the libcurl that runs. */
const char *http_library_version(void);

#endif
