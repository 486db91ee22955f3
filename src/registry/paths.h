/* SPDX-License-Identifier: MIT */
/*
 * The registry's path specification: object names in both directions, and the
 * one place that decides what may be deleted (distribution,
 * registry/storage/paths.go).
 *
 *	<root>/docker/registry/v2/
 *	  blobs/<alg>/<first 2 hex>/<hex>/data
 *	  repositories/<name>/_manifests/revisions/<alg>/<hex>/link
 *	  repositories/<name>/_manifests/tags/<tag>/current/link
 *	  repositories/<name>/_manifests/tags/<tag>/index/<alg>/<hex>/link
 *	  repositories/<name>/_layers/<alg>/<hex>/link
 *	  repositories/<name>/_uploads/...
 */
#ifndef REGISTRY_PATHS_H
#define REGISTRY_PATHS_H

#include <stdbool.h>
#include <stddef.h>

#include "src/base/err.h"
#include "src/registry/digest.h"

struct buf;

enum path_kind {
	PATH_FOREIGN,      /* outside the layout: never touched */
	PATH_BLOB,         /* blobs/.../data */
	PATH_REVISION,     /* a manifest revision's link */
	PATH_REVISION_ODD, /* some other object named link below revisions/ */
	PATH_SIGNATURE,    /* revisions/.../signatures/<alg>/<hex>/link */
	PATH_TAG_CURRENT,  /* what a tag names now */
	PATH_TAG_INDEX,    /* what a tag ever named */
	PATH_LAYER,        /* a layer or config that was pushed or re-used */
	PATH_REPOSITORY    /* anything else below repositories/<name>/_... */
};

/* An object name taken apart; repo and tag point into the name. */
struct path {
	enum path_kind kind;
	const char *repo;
	size_t repo_len;
	const char *tag;
	size_t tag_len;
	struct digest digest; /* BLOB, REVISION, TAG_INDEX, LAYER, SIGNATURE */
};

struct paths {
	char *prefix; /* "<root>/docker/registry/v2/" */
	size_t prefix_len;
};

/* root is the registry's rootdirectory, with or without slashes around it.
 * ERR_USAGE for one that no object name could have. */
int paths_init(struct paths *p, const char *root, struct err *err) MUST_CHECK;
void paths_release(struct paths *p);

/* Takes any object name apart; what it does not know is PATH_FOREIGN. */
void path_parse(const struct paths *p, const char *name, struct path *out);

/* Replaces *out by the name.  repo, tag and digest as the kind needs them. */
void path_format(const struct paths *p, const struct path *path,
    struct buf *out);

/* Replaces *out by the name of a victim, and checks it: only BLOB, REVISION and
 * TAG_INDEX names under the prefix, of a repository and tag whose names the
 * registry itself would accept, that parse back to the same parts.  -1 and *err
 * (ERR_REFUSED) for all else: no such name may ever be sent. */
int path_format_victim(const struct paths *p, const struct path *path,
    struct buf *out, struct err *err) MUST_CHECK;

/* "blobs/" or "repositories/" below the prefix, or one repository's
 * "_manifests/"; replaces *out. */
void path_format_blobs(const struct paths *p, struct buf *out);
void path_format_repositories(const struct paths *p, struct buf *out);
void path_format_manifests(const struct paths *p, const char *repo,
    struct buf *out);

/* Would the registry accept this repository name?  (distribution, reference
 * grammar: components [a-z0-9]+ with . _ __ - between, an optional domain in
 * front, at most 255 bytes.) */
bool path_is_repository_name(const char *name, size_t n);

/* And this tag?  (a letter, digit or _, then up to 127 of these, "." and "-") */
bool path_is_tag_name(const char *tag, size_t n);

#endif
