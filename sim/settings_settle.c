/* SPDX-License-Identifier: MIT */
/* What options mean together, when all is said. */
#include "sim/settings.h"

#include "sim/authority.h"
#include "sim/http2.h"
#include "sim/listen.h"
#include "sim/profile.h"
#include "sim/rules.h"

static int
check_door(const struct settings *v, const char *name, const char *address,
    struct err *err)
{
	int is_local = listen_is_loopback(address, err);

	if (is_local == 0 && !v->allow_remote)
		return err_set(err, ERR_USAGE,
		    "--%s %s can be reached from elsewhere, and nothing "
		    "here asks for a password; say --allow-remote to mean it",
		    name, address);
	return is_local < 0 ? -1 : 0;
}

static int
check_listen(const struct settings *v, struct err *err)
{
	const char *tls = v->opts.tls_listen;

	if (check_door(v, "listen", v->opts.listen, err) != 0)
		return -1;
	return tls != NULL ? check_door(v, "tls-listen", tls, err) : 0;
}

/* It is spoken behind the door of TLS, if at all. */
static int
check_http2(const struct settings *v, struct err *err)
{
	static const char *const names[] = { "max-streams", "max-resets" };
	size_t i;
	int rc = 0;

	for (i = 0; i < sizeof(names) / sizeof(names[0]) && rc == 0; i++) {
		if (!http2_is_built())
			rc = opt_refuse(&v->said, names[i],
			    "needs HTTP/2, which this gcs-sim was built "
			    "without; install the Debian package "
			    "libnghttp2-dev and build again",
			    err);
		else if (v->opts.tls_listen == NULL)
			rc = opt_refuse(&v->said, names[i],
			    "goes with --tls-listen", err);
	}
	if (rc == 0 && v->opts.max_streams == 0)
		rc = opt_refuse(&v->said, "max-resets",
		    "is of HTTP/2, which --max-streams 0 forbids", err);
	return rc;
}

/* A certificate is made or read; either is of use behind the other door only. */
static int
check_tls(const struct settings *v, struct err *err)
{
	static const char *const names[] = { "tls-port-file", "ca-file",
		"tls-cert", "tls-key" };
	const struct sim_opts *opts = &v->opts;
	size_t i;
	int rc = check_http2(v, err);

	for (i = 0; i < sizeof(names) / sizeof(names[0]) && rc == 0; i++) {
		if (opts->tls_listen == NULL)
			rc = opt_refuse(&v->said, names[i],
			    "goes with --tls-listen", err);
	}
	if (rc == 0 && opts->tls_key == NULL)
		rc = opt_refuse(&v->said, "tls-cert", "goes with --tls-key",
		    err);
	if (rc == 0 && opts->tls_cert == NULL)
		rc = opt_refuse(&v->said, "tls-key", "goes with --tls-cert",
		    err);
	if (rc == 0 && opts->tls_cert != NULL)
		rc = opt_refuse(&v->said, "ca-file",
		    "is of a certificate that is made here, and --tls-cert "
		    "brings its own",
		    err);
	return rc;
}

/* A spread of nothing would be silence where somebody waits for noise. */
static int
check_jitter(const struct settings *v, struct err *err)
{
	const struct sim_opts *opts = &v->opts;
	bool has_constant = opts->latency.us > 0 &&
	    opts->latency.shape == SIM_CONSTANT;
	int kind;

	for (kind = 0; kind < SIM_KINDS; kind++)
		has_constant |= opts->kind_latency[kind].us > 0 &&
		    opts->kind_latency[kind].shape == SIM_CONSTANT;
	return has_constant
	    ? 0
	    : opt_refuse(&v->said, "jitter",
		  "spreads a constant latency, and there is none; say "
		  "--latency 42ms, for example",
		  err);
}

static const char goes_with_auth[] = "goes with --auth token or strict";

/* Options that would be taken and do nothing are refused. */
int
settings_check_uses(const struct settings *v, struct err *err)
{
	int rc = settings_check_limits(v, err);

	if (rc == 0 && v->opts.prices.rtt_us == 0)
		rc = opt_refuse(&v->said, "handshake", "goes with --rtt", err);
	if (rc == 0 && v->opts.prices.handshake == SIM_HANDSHAKE_OFF)
		rc = opt_refuse(&v->said, "rtt", "goes with --handshake", err);
	if (rc == 0 && v->opts.auth == SIM_AUTH_OFF)
		rc = opt_refuse(&v->said, "token-lifetime", goes_with_auth,
		    err);
	return rc == 0 ? check_jitter(v, err) : -1;
}

/* A script's misspelt $FILE. */
static int
check_files(const struct settings *v, struct err *err)
{
	const struct {
		const char *name, *file;
	} rows[] = {
		{ "port-file", v->port_file },
		{ "tls-port-file", v->tls_port_file },
		{ "ca-file", v->opts.ca_file },
		{ "tls-cert", v->opts.tls_cert },
		{ "tls-key", v->opts.tls_key },
		{ "registry-from", v->opts.registry_from },
		{ "faults", v->opts.fault_plan },
		{ "access-log", v->opts.access_log },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].file != NULL && rows[i].file[0] == '\0')
			return err_set(err, ERR_USAGE,
			    "--%s '': want the name of a file or a folder",
			    rows[i].name);
	}
	return 0;
}

static int
check_auth(const struct settings *v, struct err *err)
{
	int rc = 0;

	if (v->opts.auth == SIM_AUTH_OFF) {
		rc = opt_refuse(&v->said, "token", goes_with_auth, err);
		if (rc == 0)
			rc = opt_refuse(&v->said, "service-account",
			    goes_with_auth, err);
	}
	return rc == 0 ? authority_check(&v->opts, err) : -1;
}

/* The same of what is said at the start alone. */
static int
check_start(const struct settings *v, struct err *err)
{
	int rc = check_files(v, err);

	if (rc == 0 && v->opts.registry == NULL)
		rc = opt_refuse(&v->said, "root", "goes with --registry", err);
	if (rc == 0 && v->opts.registry_from == NULL)
		rc = opt_refuse(&v->said, "keep-mtime",
		    "goes with --registry-from", err);
	return rc == 0 ? check_auth(v, err) : -1;
}

/* What is typed is looked at before anything is opened or loaded. */
static int
check_faults(const struct settings *v, struct err *err)
{
	struct rules rules = { 0 };
	int rc = rules_load(&rules, &v->opts.faults, 0, err);

	rules_release(&rules);
	return rc == 0 ? 0 : opt_wrap(&v->said, "fault", err);
}

int
settings_settle(struct settings *v, struct err *err)
{
	struct sim_opts *opts = &v->opts;

	if (profile_apply(v, err) != 0)
		return -1;
	opts->make_bucket = v->bucket != NULL;
	opts->bucket = v->bucket != NULL ? v->bucket : "demo";
	opts->root = v->root != NULL ? v->root : "";
	if (opts->max_connections == OPT_AUTO)
		opts->max_connections = 0;
	if (settings_check_uses(v, err) != 0 || check_start(v, err) != 0 ||
	    check_faults(v, err) != 0)
		return -1;
	return check_tls(v, err) == 0 ? check_listen(v, err) : -1;
}
