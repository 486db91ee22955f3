/* SPDX-License-Identifier: MIT */
/*
 * The machine's own account, from the metadata server of GCE, GKE or Cloud Run.
 * Nothing secret is sent there, so it is plain http; but whoever may answer must
 * say "Metadata-Flavor: Google", or the answer is nobody's.
 *
 *	begin -> [ASK email -> ASK universe] -> ASK token -> DONE
 */
#include "src/auth/cred_priv.h"

#include <string.h>

#include <stdlib.h>

#include "src/auth/reply.h"
#include "src/base/mem.h"
#include "src/net/url.h"

/* By address: a name could be anybody's who answers for DNS here. */
#define HOST_DEFAULT "169.254.169.254"

/* Silences after which there is no such server; what has answered once may be
 * silent for longer. */
enum { SILENCES_MAX = 3 };

/* A name or an address is a line. */
enum { WHO_MAX = 253 };

enum stage { EMAIL, UNIVERSE, TOKEN };

struct metadata {
	struct cred base;
	char *host;
	enum stage stage;
	bool wants_who; /* still to be asked */
	bool has_answered;
	unsigned silences;
};

static enum cred_step
ask(struct metadata *m, enum stage stage, struct cred_turn *turn)
{
	static const char *const paths[] = {
		[EMAIL] = "instance/service-accounts/default/email",
		[UNIVERSE] = "universe/universe-domain",
		[TOKEN] = "instance/service-accounts/default/token",
	};
	struct cred *c = &m->base;

	m->stage = stage;
	buf_clear(&c->url);
	buf_addf(&c->url, "http://%s/computeMetadata/v1/%s", m->host,
	    paths[stage]);
	cred_ask(c, turn, false);
	turn->req->headers[0] = "Metadata-Flavor: Google";
	turn->req->is_secret = false;
	turn->req->is_direct = true;
	return CRED_ASK;
}

static enum cred_step
metadata_begin(struct cred *c, struct cred_turn *turn)
{
	struct metadata *m = (struct metadata *)c;

	return ask(m, m->wants_who ? EMAIL : TOKEN, turn);
}

#define ADVICE                                              \
	"name a file by --credentials, or run gcloud auth " \
	"application-default login"

static enum cred_step
fail_silent(struct metadata *m, struct cred_turn *turn)
{
	bool is_there = m->has_answered || ++m->silences < SILENCES_MAX;

	err_set(turn->err, is_there ? ERR_NET : ERR_AUTH,
	    "no credentials: no file or variable names any, and no metadata "
	    "server answers at %s (%.100s); " ADVICE,
	    m->host,
	    turn->req->detail[0] != '\0' ? turn->req->detail : "no answer");
	return CRED_FAILED;
}

/* A line of the answer, which may be missing: who it is is only told. */
static void
take_who(struct metadata *m, const struct http_request *req)
{
	char **slot = m->stage == EMAIL ? &m->base.email : &m->base.universe;
	size_t n = req->content.len;

	while (n > 0 && strchr(" \r\n", req->content.data[n - 1]) != NULL)
		n--;
	if (req->status != 200 || n > WHO_MAX ||
	    !reply_is_token(req->content.data, n))
		return;
	req->content.data[n] = '\0';
	if (m->stage == UNIVERSE && !cred_is_host_name(req->content.data))
		return;
	free(*slot);
	*slot = mem_strndup(req->content.data, n);
}

static enum cred_step
metadata_take(struct cred *c, struct cred_turn *turn)
{
	struct metadata *m = (struct metadata *)c;
	const struct http_request *req = turn->req;

	if (req->outcome != HTTP_ANSWERED)
		return fail_silent(m, turn);
	if (!req->is_flavored) {
		err_set(turn->err, ERR_AUTH,
		    "what answers at %s is no metadata server: its answer is "
		    "without Metadata-Flavor: Google; " ADVICE,
		    m->host);
		return CRED_FAILED;
	}
	m->has_answered = true;
	if (m->stage == TOKEN && req->status == 404) {
		err_set(turn->err, ERR_AUTH,
		    "the metadata server at %s: this machine has no service "
		    "account; " ADVICE,
		    m->host);
		return CRED_FAILED;
	}
	if (m->stage == TOKEN)
		return reply_take_token(c, turn, REPLY_OAUTH) == 0
		    ? CRED_DONE
		    : CRED_FAILED;
	take_who(m, req);
	m->wants_who = m->stage == EMAIL;
	return ask(m, m->stage == EMAIL ? UNIVERSE : TOKEN, turn);
}

static void
metadata_release(struct cred *c)
{
	free(((struct metadata *)c)->host);
}

struct cred *
cred_new_metadata(const char *host, bool wants_who,
    const struct cred_origin *origin, struct err *err)
{
	static const struct cred_type type = {
		.kind = CRED_METADATA,
		.can_refresh = true,
		.begin = metadata_begin,
		.take = metadata_take,
		.release = metadata_release,
	};
	char url[512];
	struct metadata *m;
	const char *path;

	if (host == NULL)
		host = HOST_DEFAULT;
	snprintf(url, sizeof(url), "http://%.300s/", host);
	path = url_path(url);
	if (path == NULL || strcmp(path, "/") != 0) {
		err_set(err, ERR_CONFIG, "%s is to be HOST or HOST:PORT",
		    origin->where);
		return NULL;
	}
	m = cred_new(sizeof(*m), &type, origin);
	m->host = mem_strdup(host);
	m->wants_who = wants_who;
	return &m->base;
}
