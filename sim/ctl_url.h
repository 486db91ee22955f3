/* SPDX-License-Identifier: MIT */
/* Where the simulator is that gcs-sim ctl talks to. */
#ifndef SIM_CTL_URL_H
#define SIM_CTL_URL_H

#include "sim/settings.h"
#include "src/base/buf.h"
#include "src/base/err.h"

/* Into url, which is emptied first: the URL that set names, or that of the port
 * in its port file, which is read anew each time.  ERR_USAGE when it names
 * neither, ERR_CONFIG of a file without a port. */
int ctl_url_find(const struct settings *set, struct buf *url, struct err *err);

#endif
