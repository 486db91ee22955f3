/* SPDX-License-Identifier: MIT */
/*
 * kill_rounds GCS-SIM FILE SEED ROUNDS
 *
 * Several clients write to a simulator with --data FILE, which is killed while
 * requests are under way, and started again, round by round.  After each start
 * every change that was acknowledged must be there, every one that was not must
 * be there or not, and every object must be whole.  Says what is wrong and ends
 * with 1.
 *
 * An object belongs to one client, which waits for each answer, so at most one
 * change of it is open when the end comes.
 */
#include <jansson.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/base/rng.h"

enum {
	CLIENTS = 6,
	NAMES = 8, /* of each */
	CONTENT_MAX = 20000,
	ANSWER_MAX = 1024 * 1024,
	REQUEST_MAX = CONTENT_MAX + 1024
};

/* What an object is: its content follows from a number. */
struct thing {
	bool exists;
	uint64_t content;
	uint64_t note; /* in its metadata; 0: none */
};

struct client {
	int fd;
	int open;           /* the name whose change is open; -1: none */
	struct thing after; /* what that would make of it */
	struct thing name[NAMES];
	char answer[ANSWER_MAX];
	size_t have;
};

static const char *program, *file;
static struct client clients[CLIENTS];
static pid_t server;
static uint16_t port;
static uint64_t seed;
static struct rng rng;

static void __attribute__((noreturn, format(printf, 1, 2)))
die(const char *format, ...)
{
	va_list ap;

	fprintf(stderr, "kill_rounds: seed %llu: ", (unsigned long long)seed);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(EXIT_FAILURE);
}

/* --- the server --- */

static void
run_server(int out)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(out, STDOUT_FILENO);
	execl(program, program, "--bucket", "demo", "--data", file,
	    (char *)NULL);
	_exit(127);
}

static FILE *
fork_server(void)
{
	int line[2];

	if (pipe(line) != 0 || (server = fork()) < 0)
		die("cannot start a process");
	if (server == 0)
		run_server(line[1]);
	close(line[1]);
	return fdopen(line[0], "r");
}

static void
end_server(void)
{
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
}

static int
connect_to_server(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0)
		die("cannot connect");
	return fd;
}

/* Now and then one more is killed while it starts. */
static void
start_server(void)
{
	static const char words[] = "gcs-sim ready http://127.0.0.1:";
	char line[512];
	FILE *f = fork_server();
	int i;

	if (rng_below(&rng, 5) == 0) {
		end_server();
		fclose(f);
		f = fork_server();
	}
	if (fgets(line, sizeof(line), f) == NULL ||
	    strncmp(line, words, sizeof(words) - 1) != 0)
		die("the server does not start");
	port = (uint16_t)strtoul(line + sizeof(words) - 1, NULL, 10);
	fclose(f);
	for (i = 0; i < CLIENTS; i++) {
		clients[i].fd = connect_to_server();
		clients[i].open = -1;
		clients[i].have = 0;
	}
}

/* --- requests --- */

static size_t
make_content(uint64_t number, char *out)
{
	size_t n = (size_t)(number % CONTENT_MAX);
	struct rng bytes;

	rng_init(&bytes, number);
	rng_fill(&bytes, out, n);
	return n;
}

static void
send_bytes(int fd, const char *bytes, size_t n)
{
	ssize_t sent;

	for (; n > 0; bytes += sent, n -= (size_t)sent) {
		sent = send(fd, bytes, n, MSG_NOSIGNAL);
		if (sent <= 0)
			die("cannot send");
	}
}

static void
ask(int fd, const char *method, const char *target, const char *type,
    const char *body, size_t n)
{
	char request[REQUEST_MAX];
	int head = snprintf(request, sizeof(request),
	    "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: %s\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    method, target, type, n);

	if (n > 0)
		memcpy(request + head, body, n);
	send_bytes(fd, request, (size_t)head + n);
}

static void
ask_upload(struct client *c, const char *name)
{
	char target[96], content[CONTENT_MAX];
	size_t n = make_content(c->after.content, content);

	snprintf(target, sizeof(target),
	    "/upload/storage/v1/b/demo/o?uploadType=media&name=%s", name);
	ask(c->fd, "POST", target, "text/plain", content, n);
}

static void
ask_patch(struct client *c, const char *target)
{
	char body[64];
	int n = snprintf(body, sizeof(body),
	    "{\"metadata\":{\"note\":\"%llu\"}}",
	    (unsigned long long)c->after.note);

	ask(c->fd, "PATCH", target, "application/json", body, (size_t)n);
}

/* Any change of any of its objects. */
static void
ask_something(struct client *c)
{
	char name[16], target[64];

	c->open = (int)rng_below(&rng, NAMES);
	c->after = c->name[c->open];
	snprintf(name, sizeof(name), "c%dn%d", (int)(c - clients), c->open);
	snprintf(target, sizeof(target), "/storage/v1/b/demo/o/%s", name);
	switch (rng_below(&rng, c->after.exists ? 4 : 1)) {
	case 1:
		c->after = (struct thing){ .exists = false };
		ask(c->fd, "DELETE", target, "text/plain", NULL, 0);
		break;
	case 2:
		c->after.note = 1 + rng_below(&rng, 1000000);
		ask_patch(c, target);
		break;
	default:
		c->after = (struct thing){ .exists = true,
			.content = rng_next(&rng) };
		ask_upload(c, name);
	}
}

/* --- answers --- */

/* Of the whole answer in c->answer its length, or 0: there is more to come. */
static size_t
answer_length(struct client *c, const char **body, size_t *body_n)
{
	const char *end, *at;
	size_t n = 0;

	c->answer[c->have] = '\0';
	end = strstr(c->answer, "\r\n\r\n");
	if (end == NULL)
		return 0;
	at = strcasestr(c->answer, "\r\nContent-Length:");
	if (at != NULL && at < end)
		n = strtoul(at + 17, NULL, 10);
	*body = end + 4;
	*body_n = n;
	n += (size_t)(*body - c->answer);
	return n <= c->have ? n : 0;
}

/* Reads some of it; false: the connection has ended. */
static bool
read_some(struct client *c)
{
	ssize_t n = recv(c->fd, c->answer + c->have, ANSWER_MAX - 1 - c->have,
	    0);

	if (n <= 0)
		return false;
	c->have += (size_t)n;
	return true;
}

/* An answer that is here makes the change true. */
static void
settle(struct client *c)
{
	const char *body;
	size_t n;
	int status;

	if (c->open < 0 || answer_length(c, &body, &n) == 0)
		return;
	status = atoi(c->answer + strlen("HTTP/1.1 "));
	if (status != 200 && status != 204)
		die("an answer of %d:\n%s", status, c->answer);
	c->name[c->open] = c->after;
	c->open = -1;
	c->have = 0;
}

static void
wait_for_any(void)
{
	struct pollfd fds[CLIENTS];
	int i;

	for (i = 0; i < CLIENTS; i++)
		fds[i] = (struct pollfd){ clients[i].fd, POLLIN, 0 };
	if (poll(fds, CLIENTS, -1) < 0)
		die("poll");
	for (i = 0; i < CLIENTS; i++) {
		if (fds[i].revents == 0)
			continue;
		if (!read_some(&clients[i]))
			die("a connection ended");
		settle(&clients[i]);
	}
}

static struct client *
idle_client(void)
{
	int i, first = (int)rng_below(&rng, CLIENTS);

	for (i = 0; i < CLIENTS; i++) {
		if (clients[(first + i) % CLIENTS].open < 0)
			return &clients[(first + i) % CLIENTS];
	}
	return NULL;
}

/* What was sent before the end counts as acknowledged. */
static void
write_until_the_end(uint64_t requests)
{
	struct client *c;

	while (requests > 0) {
		if ((c = idle_client()) == NULL) {
			wait_for_any();
			continue;
		}
		ask_something(c);
		requests--;
	}
	end_server();
	for (c = clients; c < clients + CLIENTS; c++) {
		while (read_some(c))
			;
		settle(c);
		close(c->fd);
	}
}

/* --- what is there --- */

/* The body of the answer; borrowed until the next. */
static const char *
get(struct client *c, const char *target, size_t *n)
{
	const char *body;

	c->have = 0;
	ask(c->fd, "GET", target, "text/plain", NULL, 0);
	while (answer_length(c, &body, n) == 0) {
		if (!read_some(c))
			die("%s: the connection ended", target);
	}
	if (atoi(c->answer + strlen("HTTP/1.1 ")) != 200)
		die("%s:\n%s", target, c->answer);
	c->have = 0;
	return body;
}

/* Is the object with that item of the list (NULL: none) this thing? */
static bool
is_thing(struct client *c, const char *name, const json_t *item,
    const struct thing *t)
{
	char content[CONTENT_MAX], target[64], note[24];
	const char *body, *has;
	size_t n = make_content(t->content, content), got;

	if (item == NULL || !t->exists)
		return (item == NULL) == !t->exists;
	snprintf(note, sizeof(note), "%llu", (unsigned long long)t->note);
	has = json_string_value(
	    json_object_get(json_object_get(item, "metadata"), "note"));
	if (strcmp(has != NULL ? has : "0", note) != 0)
		return false;
	snprintf(target, sizeof(target), "/storage/v1/b/demo/o/%s?alt=media",
	    name);
	body = get(c, target, &got);
	return got == n && memcmp(body, content, n) == 0;
}

static const json_t *
find_item(const json_t *items, const char *name)
{
	size_t i;
	const json_t *item;

	json_array_foreach (items, i, item) {
		if (strcmp(json_string_value(json_object_get(item, "name")),
			name) == 0)
			return item;
	}
	return NULL;
}

/* Makes the change that was open true when it took effect. */
static void
check_name(struct client *c, int i, const json_t *items, size_t *known)
{
	const json_t *item;
	char name[16];

	snprintf(name, sizeof(name), "c%dn%d", (int)(c - clients), i);
	item = find_item(items, name);
	*known += item != NULL;
	if (is_thing(c, name, item, &c->name[i]))
		return;
	if (c->open != i || !is_thing(c, name, item, &c->after))
		die("%s is not what was acknowledged (%s)", name,
		    item != NULL ? "there" : "not there");
	c->name[i] = c->after;
}

static void
check_all(const int open[CLIENTS])
{
	struct client *c;
	size_t n, known = 0;
	const char *body = get(clients,
	    "/storage/v1/b/demo/o?fields=items(name,metadata)", &n);
	json_t *page = json_loadb(body, n, 0, NULL);
	const json_t *items = json_object_get(page, "items");
	int i;

	if (page == NULL)
		die("no list: %s", body);
	for (c = clients; c < clients + CLIENTS; c++) {
		c->open = open[c - clients];
		for (i = 0; i < NAMES; i++)
			check_name(c, i, items, &known);
		c->open = -1;
	}
	if (known != json_array_size(items))
		die("%zu objects are listed, %zu of them known",
		    json_array_size(items), known);
	json_decref(page);
}

int
main(int argc, char **argv)
{
	int open[CLIENTS], i;
	uint64_t round, rounds;

	if (argc != 5)
		die("want GCS-SIM FILE SEED ROUNDS");
	program = argv[1];
	file = argv[2];
	seed = strtoull(argv[3], NULL, 10);
	rounds = strtoull(argv[4], NULL, 10);
	rng_init(&rng, seed);
	memset(open, -1, sizeof(open));
	for (round = 0; round < rounds; round++) {
		start_server();
		check_all(open);
		write_until_the_end(rng_below(&rng, 150));
		for (i = 0; i < CLIENTS; i++)
			open[i] = clients[i].open;
	}
	start_server();
	check_all(open);
	end_server();
	return EXIT_SUCCESS;
}
