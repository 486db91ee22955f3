/* SPDX-License-Identifier: MIT */
#include "sim/ctl_url.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "src/base/str.h"

static int
read_port(const char *path, struct buf *url, struct err *err)
{
	FILE *f = fopen(path, "r");
	char line[16] = "";
	uint64_t port = 0;

	if (f == NULL)
		return err_set(err, ERR_CONFIG,
		    "cannot read the port file %s: %s", path, strerror(errno));
	if (fgets(line, sizeof(line), f) != NULL)
		line[strcspn(line, "\n")] = '\0';
	fclose(f);
	if (str_parse_u64(line, &port) != 0 || port < 1 || port > UINT16_MAX)
		return err_set(err, ERR_CONFIG,
		    "the port file %s has no port in it", path);
	buf_addf(url, "http://127.0.0.1:%u", (unsigned)port);
	return 0;
}

int
ctl_url_find(const struct settings *set, struct buf *url, struct err *err)
{
	buf_clear(url);
	if (set->url != NULL)
		return buf_adds(url, set->url);
	if (set->port_file != NULL)
		return read_port(set->port_file, url, err);
	return err_set(err, ERR_USAGE,
	    "ctl wants to know where the simulator is: say --url or "
	    "--port-file, or set STORAGE_EMULATOR_HOST");
}
