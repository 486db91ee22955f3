/* SPDX-License-Identifier: MIT */
/*
 * kill_applies SEED KILLS COMMAND... <ACCESS-LOG
 *
 * Runs the command again and again, and kills it each time: after so many
 * requests, or so many deletes, that the simulator's access log tells of.  Says
 * how often it was killed when that is often enough, or when the command has
 * ended well by itself; any other end of it is an error.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/base/rng.h"

static char line[8192];
static size_t line_n;

static void __attribute__((noreturn)) die(const char *why)
{
	fprintf(stderr, "kill_applies: %s\n", why);
	exit(EXIT_FAILURE);
}

/* Its end of the pipe closes when it ends. */
static pid_t
start(char **command, int *ended)
{
	int fds[2];
	pid_t pid;

	if (pipe(fds) != 0 || (pid = fork()) < 0)
		die("cannot start a process");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(open("/dev/null", O_RDWR), STDIN_FILENO);
		dup2(STDIN_FILENO, STDOUT_FILENO);
		close(fds[0]);
		execv(command[0], command);
		_exit(127);
	}
	close(fds[1]);
	*ended = fds[0];
	return pid;
}

/* Takes in what there is of the log; answers how many of its lines count. */
static unsigned
read_log(bool deletes_only)
{
	ssize_t n = read(STDIN_FILENO, line + line_n,
	    sizeof(line) - 1 - line_n);
	unsigned count = 0;
	char *end;

	if (n <= 0)
		die("no access log");
	line_n += (size_t)n;
	line[line_n] = '\0';
	while ((end = strchr(line, '\n')) != NULL) {
		*end = '\0';
		count += !deletes_only || strstr(line, "\"DELETE\"") != NULL;
		line_n -= (size_t)(end + 1 - line);
		memmove(line, end + 1, line_n + 1);
	}
	return count;
}

/* What earlier ones still had on the wire. */
static void
drain_log(void)
{
	struct pollfd log = { STDIN_FILENO, POLLIN, 0 };

	while (poll(&log, 1, 0) > 0)
		read_log(false);
}

/* Was it killed?  Else it has ended well. */
static bool
run_and_kill(char **command, unsigned at, bool deletes_only)
{
	struct pollfd fds[2] = { { STDIN_FILENO, POLLIN, 0 } };
	int ended, status;
	unsigned seen = 0;
	pid_t pid;

	drain_log();
	pid = start(command, &ended);
	fds[1] = (struct pollfd){ ended, POLLIN, 0 };
	while (seen < at && fds[1].revents == 0) {
		if (poll(fds, 2, -1) < 0)
			die("poll");
		if (fds[0].revents != 0)
			seen += read_log(deletes_only);
	}
	if (seen >= at)
		kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	close(ended);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return true;
	if (status != 0)
		die("the command failed");
	return false;
}

int
main(int argc, char **argv)
{
	uint64_t kills, most;
	struct rng rng;

	if (argc < 4)
		die("want SEED KILLS COMMAND...");
	rng_init(&rng, strtoull(argv[1], NULL, 10));
	most = strtoull(argv[2], NULL, 10);
	for (kills = 0; kills < most; kills++) {
		bool deletes_only = rng_below(&rng, 4) > 0;

		if (!run_and_kill(argv + 3, 1 + (unsigned)rng_below(&rng, 5),
			deletes_only))
			break;
	}
	printf("%llu\n", (unsigned long long)kills);
	return EXIT_SUCCESS;
}
