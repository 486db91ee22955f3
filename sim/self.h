/* SPDX-License-Identifier: MIT */
/* Links in answers lead a client back to us, the way it has come. */
#ifndef SIM_SELF_H
#define SIM_SELF_H

/* What the client calls us: "https", "storage.test:4443". */
struct self {
	const char *scheme;
	const char *host;
};

#endif
