/* SPDX-License-Identifier: MIT */
/* The YAML of a gcsweep that was built without libfyaml: none is read. */
#include "src/cli/yaml.h"

bool
yaml_is_built(void)
{
	return false;
}

struct yaml_node *
yaml_parse(struct yaml *y, const char *text, size_t n, const char *from,
    bool has_lines, struct err *err)
{
	(void)y, (void)text, (void)n, (void)has_lines;
	err_set(err, ERR_CONFIG,
	    "this gcsweep was built without libfyaml and cannot read %s; say "
	    "gs://BUCKET/ROOT, or install the Debian package libfyaml-dev and "
	    "build again",
	    from);
	return NULL;
}
