/* SPDX-License-Identifier: MIT */
/* The simulator inside of TLS, by OpenSSL's own client. */
#include <errno.h>
#include <event2/event.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/sim.h"
#include "src/base/loop.h"
#include "tests/support/suite.h"
#include "tests/unit/sim_peer.h"
#include "tests/unit/tls_peer.h"

enum { MS = 1000, SECOND = 1000000, MANY = 100 };

static const char get[] = "GET /storage/v1/b/demo HTTP/1.1\r\n"
			  "Host: localhost\r\n\r\n";
static const char answered[] = "\"kind\": \"storage#bucket\"";

static struct world {
	struct loop *loop;
	struct sim *sim;
	struct tls_manner manner;
	char ca_file[64];
} world;

static struct tls_peer peer;

static void
start_with(enum loop_clock clock, struct sim_opts *opts)
{
	struct err err = ERR_INIT;
	int fd;

	world = (struct world){ .loop = loop_new(clock),
		.ca_file = "/tmp/check_sim_tls.XXXXXX" };
	fd = mkstemp(world.ca_file);
	ck_assert_int_ge(fd, 0);
	close(fd);
	opts->registry = "manifests=0";
	opts->tls_listen = "127.0.0.1:0";
	opts->ca_file = world.ca_file;
	world.sim = sim_start_on(world.loop, opts, &err);
	ck_assert_msg(world.sim != NULL, "%s", err.text);
	world.manner.ca_file = world.ca_file;
}

static void
start(enum loop_clock clock)
{
	struct sim_opts opts;

	sim_defaults(&opts);
	start_with(clock, &opts);
}

static void
stop(void)
{
	sim_stop(world.sim);
	loop_free(world.loop);
	unlink(world.ca_file);
}

static void
open_peer(struct tls_peer *p)
{
	tls_peer_open(p, world.loop, sim_tls_url(world.sim), &world.manner);
}

/* False: there is no connection. */
static bool
shake(struct tls_peer *p)
{
	bool is_made;

	loop_sent(world.loop);
	is_made = tls_peer_shake(p);
	loop_settled(world.loop);
	return is_made;
}

/* The whole answer to get; on a virtual clock it is on the wire meanwhile. */
static void
ask(struct tls_peer *p)
{
	p->n = 0;
	p->heard[0] = '\0';
	loop_sent(world.loop);
	tls_peer_say(p, get);
	tls_peer_hear(p, answered);
	loop_settled(world.loop);
}

/* Another client is served as if nothing had been. */
static void
check_others(void)
{
	struct tls_peer other;

	tls_peer_open(&other, world.loop, sim_tls_url(world.sim),
	    &(struct tls_manner){ .ca_file = world.ca_file });
	ck_assert(shake(&other));
	ask(&other);
	tls_peer_close(&other);
}

static void
fault(const char *rule)
{
	struct err err = ERR_INIT;

	ck_assert_msg(sim_add_faults(world.sim, rule, &err) == 0, "%s",
	    err.text);
}

/* --- handshakes --- */

START_TEST(versions_1_2_and_1_3_are_spoken_and_no_older_one)
{
	static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
	size_t i;

	start(LOOP_REAL);
	for (i = 0; i < 2; i++) {
		world.manner.version = versions[i];
		open_peer(&peer);
		ck_assert(shake(&peer));
		ck_assert_int_eq(SSL_version(peer.ssl), versions[i]);
		ask(&peer);
		ask(&peer);
		ck_assert_ptr_nonnull(
		    strstr(peer.heard, "\"selfLink\": \"https://localhost/"));
		tls_peer_close(&peer);
	}
	world.manner.version = TLS1_1_VERSION;
	open_peer(&peer);
	ck_assert(!shake(&peer));
	tls_peer_close(&peer);
	check_others();
	stop();
}
END_TEST

START_TEST(the_certificate_names_this_machine_in_every_way)
{
	X509 *cert;

	start(LOOP_REAL);
	open_peer(&peer);
	ck_assert(shake(&peer));
	cert = SSL_get1_peer_certificate(peer.ssl);
	ck_assert_int_eq(X509_check_host(cert, "localhost", 0, 0, NULL), 1);
	ck_assert_int_eq(X509_check_ip_asc(cert, "127.0.0.1", 0), 1);
	ck_assert_int_eq(X509_check_ip_asc(cert, "::1", 0), 1);
	ck_assert_int_eq(X509_check_host(cert, "example.org", 0, 0, NULL), 0);
	ck_assert_int_eq(X509_check_ip_asc(cert, "127.0.0.2", 0), 0);
	ck_assert_int_eq(X509_check_ca(cert), 0);
	X509_free(cert);
	tls_peer_close(&peer);
	stop();
}
END_TEST

START_TEST(the_host_that_is_listened_on_is_a_name_too)
{
	struct sim_opts opts;
	struct err err = ERR_INIT;
	X509 *cert;
	FILE *f;

	sim_defaults(&opts);
	start_with(LOOP_REAL, &opts);
	sim_stop(world.sim);
	opts.tls_listen = "127.1.2.3:0";
	world.sim = sim_start_on(world.loop, &opts, &err);
	ck_assert_msg(world.sim != NULL, "%s", err.text);
	ck_assert_int_eq(strncmp(sim_tls_url(world.sim),
			     "https://127.1.2.3:", 18),
	    0);
	f = fopen(world.ca_file, "r");
	cert = PEM_read_X509(f, NULL, NULL, NULL);
	fclose(f);
	ck_assert_int_eq(X509_check_ca(cert), 1);
	X509_free(cert);
	stop();
}
END_TEST

START_TEST(one_run_is_not_trusted_for_another)
{
	struct sim_opts opts;
	struct err err = ERR_INIT;
	struct sim *other;

	start(LOOP_REAL);
	sim_defaults(&opts);
	opts.tls_listen = "127.0.0.1:0";
	other = sim_start_on(world.loop, &opts, &err);
	ck_assert_msg(other != NULL, "%s", err.text);
	tls_peer_open(&peer, world.loop, sim_tls_url(other), &world.manner);
	ck_assert(!shake(&peer));
	ck_assert_int_eq(SSL_get_verify_result(peer.ssl),
	    X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
	tls_peer_close(&peer);
	sim_stop(other);
	check_others();
	stop();
}
END_TEST

START_TEST(a_session_is_resumed)
{
	static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
	SSL_SESSION *session;
	size_t i;

	start(LOOP_REAL);
	for (i = 0; i < 2; i++) {
		world.manner.version = versions[i];
		open_peer(&peer);
		ck_assert(shake(&peer));
		ask(&peer); /* which a ticket comes before */
		ck_assert(!SSL_session_reused(peer.ssl));
		session = peer.session;
		peer.session = NULL;
		ck_assert_ptr_nonnull(session);
		tls_peer_close(&peer);
		world.manner.session = session;
		open_peer(&peer);
		ck_assert(shake(&peer));
		ask(&peer);
		ck_assert(SSL_session_reused(peer.ssl));
		tls_peer_close(&peer);
		world.manner.session = NULL;
		SSL_SESSION_free(session);
	}
	stop();
}
END_TEST

START_TEST(http_1_1_is_what_is_spoken_inside)
{
	const unsigned char *chosen;
	unsigned n;

	start(LOOP_REAL);
	world.manner.protocol = "http/1.1";
	open_peer(&peer);
	ck_assert(shake(&peer));
	SSL_get0_alpn_selected(peer.ssl, &chosen, &n);
	ck_assert_uint_eq(n, 8);
	ck_assert_mem_eq(chosen, "http/1.1", 8);
	ask(&peer);
	tls_peer_close(&peer);
	world.manner.protocol = "spdy/3";
	open_peer(&peer);
	ck_assert(!shake(&peer));
	tls_peer_close(&peer);
	check_others();
	stop();
}
END_TEST

START_TEST(it_may_come_byte_by_byte)
{
	start(LOOP_REAL);
	world.manner.piece = 1;
	open_peer(&peer);
	ck_assert(shake(&peer));
	ask(&peer);
	tls_peer_close(&peer);
	stop();
}
END_TEST

START_TEST(a_new_handshake_on_an_old_connection_is_refused)
{
	start(LOOP_REAL);
	world.manner.version = TLS1_2_VERSION;
	open_peer(&peer);
	ck_assert(shake(&peer));
	ask(&peer);
	SSL_renegotiate(peer.ssl);
	SSL_do_handshake(peer.ssl);
	tls_peer_flush(&peer);
	tls_peer_hear_end(&peer);
	ck_assert_int_ne(peer.error, 0);
	tls_peer_close(&peer);
	check_others();
	stop();
}
END_TEST

START_TEST(keys_may_change_on_the_way)
{
	int i;

	start(LOOP_REAL);
	world.manner.version = TLS1_3_VERSION;
	open_peer(&peer);
	ck_assert(shake(&peer));
	for (i = 0; i < 20; i++) {
		SSL_key_update(peer.ssl, SSL_KEY_UPDATE_REQUESTED);
		ck_assert_int_eq(SSL_do_handshake(peer.ssl), 1);
		tls_peer_flush(&peer);
		ask(&peer);
	}
	tls_peer_close(&peer);
	stop();
}
END_TEST

START_TEST(many_shake_hands_at_once)
{
	struct tls_peer *peers = calloc(MANY, sizeof(*peers));
	struct sim_counts counts;
	int i;

	start(LOOP_REAL);
	for (i = 0; i < MANY; i++)
		open_peer(&peers[i]);
	for (i = MANY; i-- > 0;) {
		ck_assert(shake(&peers[i]));
		ask(&peers[i]);
	}
	sim_counts(world.sim, &counts);
	ck_assert_uint_eq(counts.connections, MANY);
	ck_assert_uint_eq(counts.total, MANY);
	for (i = 0; i < MANY; i++)
		tls_peer_close(&peers[i]);
	free(peers);
	stop();
}
END_TEST

/* --- what is no handshake --- */

START_TEST(plain_http_gets_no_answer_there)
{
	struct sim_peer plain;

	start(LOOP_REAL);
	sim_peer_open(&plain, world.loop, sim_tls_url(world.sim));
	sim_peer_say(&plain, get);
	sim_peer_hear_end(&plain);
	ck_assert_ptr_null(strstr(plain.heard, "HTTP/1.1"));
	sim_peer_close(&plain);
	ck_assert_uint_eq(sim_count(world.sim, SIM_BUCKET), 0);
	check_others();
	stop();
}
END_TEST

START_TEST(tls_at_the_plain_door_is_no_request)
{
	start(LOOP_REAL);
	tls_peer_open(&peer, world.loop, sim_url(world.sim), &world.manner);
	ck_assert(!shake(&peer));
	tls_peer_close(&peer);
	check_others();
	stop();
}
END_TEST

START_TEST(a_handshake_has_as_long_as_a_head)
{
	struct sim_peer slow;
	uint64_t began;

	start(LOOP_VIRTUAL);
	sim_peer_open(&slow, world.loop, sim_tls_url(world.sim));
	sim_peer_say(&slow, "\x16\x03\x01");
	check_others();
	began = loop_now(world.loop);
	sim_peer_hear_end(&slow);
	ck_assert_uint_eq(loop_now(world.loop) - began, 10 * SECOND);
	ck_assert_str_eq(slow.heard, "");
	sim_peer_close(&slow);
	check_others();
	stop();
}
END_TEST

/* --- requests --- */

START_TEST(what_comes_in_one_piece_is_more_than_one_request)
{
	char two[2 * sizeof(get)];
	const char *first;

	start(LOOP_REAL);
	open_peer(&peer);
	ck_assert(shake(&peer));
	snprintf(two, sizeof(two), "%s%s", get, get);
	tls_peer_say(&peer, two);
	tls_peer_hear(&peer, answered);
	first = strstr(peer.heard, answered);
	while (strstr(first + 1, answered) == NULL) {
		struct err err = ERR_INIT;

		ck_assert(!peer.has_ended);
		ck_assert_int_eq(loop_step(world.loop, &err), 0);
	}
	ck_assert_uint_eq(sim_count(world.sim, SIM_BUCKET), 2);
	tls_peer_close(&peer);
	stop();
}
END_TEST

START_TEST(records_that_come_while_one_waits_are_not_lost)
{
	struct sim_opts opts;
	struct err err = ERR_INIT;
	int i;

	sim_defaults(&opts);
	opts.latency = sim_constant(5 * MS);
	start_with(LOOP_VIRTUAL, &opts);
	open_peer(&peer);
	ck_assert(shake(&peer));
	loop_sent(world.loop);
	/* The network takes all of them as one. */
	for (i = 0; i < 3; i++)
		SSL_write(peer.ssl, get, (int)strlen(get));
	tls_peer_flush(&peer);
	while (sim_count(world.sim, SIM_BUCKET) < 3)
		ck_assert_int_eq(loop_step(world.loop, &err), 0);
	loop_settled(world.loop);
	tls_peer_close(&peer);
	stop();
}
END_TEST

START_TEST(an_answer_is_there_when_it_is_due)
{
	struct sim_opts opts;
	uint64_t began;
	int i;

	sim_defaults(&opts);
	opts.latency = sim_constant(42 * MS);
	start_with(LOOP_VIRTUAL, &opts);
	for (i = 0; i < 3; i++) {
		began = loop_now(world.loop);
		open_peer(&peer);
		ck_assert(shake(&peer));
		ask(&peer);
		ck_assert_uint_eq(loop_now(world.loop) - began, 42 * MS);
		tls_peer_close(&peer);
	}
	stop();
}
END_TEST

START_TEST(a_set_up_that_is_priced_delays_the_first_answer)
{
	struct sim_opts opts;
	uint64_t began;

	sim_defaults(&opts);
	opts.latency = sim_constant(42 * MS);
	opts.prices.rtt_us = 42 * MS;
	opts.prices.handshake = SIM_HANDSHAKE_TLS;
	start_with(LOOP_VIRTUAL, &opts);
	open_peer(&peer);
	ck_assert(shake(&peer));
	began = loop_now(world.loop);
	ask(&peer);
	ck_assert_uint_eq(loop_now(world.loop) - began, 3 * 42 * MS);
	ask(&peer);
	ck_assert_uint_eq(loop_now(world.loop) - began, 4 * 42 * MS);
	tls_peer_close(&peer);
	stop();
}
END_TEST

/* --- ends --- */

/* Meets that fault; then the connection has ended with this error, and with or
 * without a word of TLS. */
static void
check_end(const char *rule, int error, bool is_told)
{
	fault(rule);
	open_peer(&peer);
	ck_assert(shake(&peer));
	tls_peer_say(&peer, get);
	tls_peer_hear_end(&peer);
	ck_assert_msg(peer.error == error && peer.is_told == is_told,
	    "%s: error %d, told %d", rule, peer.error, peer.is_told);
	tls_peer_close(&peer);
	ck_assert_int_eq(sim_remove_faults(world.sim, NULL, &(struct err){ 0 }),
	    0);
}

START_TEST(an_end_a_cut_and_a_reset_are_told_apart)
{
	static const char last[] =
	    "GET /storage/v1/b/demo HTTP/1.1\r\nHost: localhost\r\n"
	    "Connection: close\r\n\r\n";

	start(LOOP_REAL);
	check_end("BUCKET reset", ECONNRESET, false);
	check_end("BUCKET lost", 0, false);
	check_end("BUCKET cut at=10", 0, false);
	check_end("BUCKET cut at=10 end=reset", ECONNRESET, false);
	open_peer(&peer);
	ck_assert(shake(&peer));
	tls_peer_say(&peer, last);
	tls_peer_hear_end(&peer);
	ck_assert_ptr_nonnull(strstr(peer.heard, answered));
	ck_assert_int_eq(peer.error, 0);
	ck_assert(peer.is_told);
	tls_peer_close(&peer);
	stop();
}
END_TEST

START_TEST(whoever_is_idle_at_the_end_is_told_of_it)
{
	struct err err = ERR_INIT;

	start(LOOP_REAL);
	open_peer(&peer);
	ck_assert(shake(&peer));
	ask(&peer);
	sim_stop(world.sim);
	world.sim = NULL;
	while (!peer.has_ended)
		ck_assert_int_eq(loop_step(world.loop, &err), 0);
	ck_assert_int_eq(peer.error, 0);
	ck_assert(peer.is_told);
	tls_peer_close(&peer);
	stop();
}
END_TEST

int
main(void)
{
	return suite_run("sim_tls",
	    versions_1_2_and_1_3_are_spoken_and_no_older_one,
	    the_certificate_names_this_machine_in_every_way,
	    the_host_that_is_listened_on_is_a_name_too,
	    one_run_is_not_trusted_for_another, a_session_is_resumed,
	    http_1_1_is_what_is_spoken_inside, it_may_come_byte_by_byte,
	    a_new_handshake_on_an_old_connection_is_refused,
	    keys_may_change_on_the_way, many_shake_hands_at_once,
	    plain_http_gets_no_answer_there,
	    tls_at_the_plain_door_is_no_request,
	    a_handshake_has_as_long_as_a_head,
	    what_comes_in_one_piece_is_more_than_one_request,
	    records_that_come_while_one_waits_are_not_lost,
	    an_answer_is_there_when_it_is_due,
	    a_set_up_that_is_priced_delays_the_first_answer,
	    an_end_a_cut_and_a_reset_are_told_apart,
	    whoever_is_idle_at_the_end_is_told_of_it, NULL);
}
