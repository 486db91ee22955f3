/* SPDX-License-Identifier: MIT */
/*
 * The command gets what a shell would have given it: descriptors 0 to 2, the
 * limit of open files as it was, every signal with its default action and none
 * blocked.
 *
 * Signals that end things are passed on, and it is the command that decides
 * what becomes of them: we end when it does.  Those that the terminal sent have
 * reached it already, since it is in our process group; whether a signal came
 * from there is told by a signalfd alone, not by libevent.
 *
 * fork, and not posix_spawn, since only code in the child can ask to hear of
 * our death.  The child waits before it becomes the command:
 *
 *	parent:	block signals, fork, pass on what came, "go" ... serve
 *	child:		       default actions, wait for "go", exec
 *
 * so that a signal from before the fork is not lost, and none of the terminal's
 * reaches the command twice.
 */
#include "sim/exec.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/serve.h"

/* What is passed on; SIGKILL cannot be, see PR_SET_PDEATHSIG. */
static const int passed_on[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

struct command {
	struct loop *loop;
	pid_t pid;
	bool has_ended;
	int wait_status;
	int signals; /* a signalfd */
};

/* --- in the child --- */

static void
become_command(const struct server *s, char **argv, pid_t parent, int line)
{
	int signo, why;
	char go;
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(EXEC_CANNOT);
	setrlimit(RLIMIT_NOFILE, &s->files);
	for (signo = 1; signo < NSIG; signo++)
		signal(signo, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* Also what our own parent left open for us. */
	close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
	if (read(line, &go, 1) == 1)
		execvp(argv[0], argv);
	why = errno;
	if (write(line, &why, sizeof(why)) != (ssize_t)sizeof(why))
		_exit(EXEC_CANNOT);
	_exit(EXEC_NOT_FOUND);
}

/* --- signals --- */

static int
open_signals(struct command *c, struct err *err)
{
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < sizeof(passed_on) / sizeof(passed_on[0]); i++)
		sigaddset(&set, passed_on[i]);
	c->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (c->signals < 0)
		return err_set(err, ERR_CONFIG, "cannot wait for signals: %s",
		    strerror(errno));
	sigprocmask(SIG_BLOCK, &set, NULL);
	return 0;
}

/* The terminal sends to all of its process group, which the command is in too
 * once it is there.  Only its own end it tells to the leader of the session
 * alone, who may be us. */
static bool
is_heard_by_all(const struct signalfd_siginfo *info)
{
	return info->ssi_code == SI_KERNEL &&
	    !(info->ssi_signo == SIGHUP && getsid(0) == getpid());
}

static void
pass_on(const struct command *c, bool has_heard_terminal)
{
	struct signalfd_siginfo info;

	while (read(c->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (!c->has_ended &&
		    !(has_heard_terminal && is_heard_by_all(&info)))
			kill(c->pid, (int)info.ssi_signo);
	}
}

/* --- starting it --- */

/* 0 once the line is closed by a successful exec, else why it failed. */
static int
read_failure(int fd)
{
	ssize_t n;
	int why = 0;

	do
		n = read(fd, &why, sizeof(why));
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(why) ? why : 0;
}

static int
start_command(struct command *c, const struct server *s, char **argv,
    int *status, struct err *err)
{
	pid_t parent = getpid();
	int line[2], why;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line) != 0 ||
	    (c->pid = fork()) < 0)
		return err_set(err, ERR_CONFIG, "cannot start a process: %s",
		    strerror(errno));
	if (c->pid == 0)
		become_command(s, argv, parent, line[1]);
	close(line[1]);
	pass_on(c, false);
	/* A child that a signal has killed does not listen, and that is fine:
	 * its status says what happened. */
	why = write(line[0], "", 1) == 1 ? read_failure(line[0]) : 0;
	close(line[0]);
	if (why == 0)
		return 0;
	waitpid(c->pid, NULL, 0);
	*status = why == ENOENT ? EXEC_NOT_FOUND : EXEC_CANNOT;
	return err_set(err, ERR_CONFIG, "cannot run %s: %s", argv[0],
	    strerror(why));
}

/* --- while it runs --- */

static void
on_child(void *arg)
{
	struct command *c = arg;

	if (!c->has_ended &&
	    waitpid(c->pid, &c->wait_status, WNOHANG) == c->pid)
		c->has_ended = true;
	if (c->has_ended)
		loop_stop(c->loop);
}

static void
on_signals(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	pass_on(arg, true);
}

static int
serve_command(struct command *c, struct err *err)
{
	struct event *event = event_new(loop_events(c->loop), c->signals,
	    EV_READ | EV_PERSIST, on_signals, c);
	int rc;

	event_add(event, NULL);
	rc = loop_run(c->loop, err);
	event_free(event);
	return rc;
}

/* What another simulator, which may run us, has said of itself is not true of
 * this one. */
static void
tell(const char *name, const char *value)
{
	if (value != NULL)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

int
exec_run(struct server *s, char **argv, int *status, struct err *err)
{
	struct command c = { .loop = s->loop };
	int rc;

	*status = 0;
	if (open_signals(&c, err) != 0)
		return -1;
	tell("STORAGE_EMULATOR_HOST", sim_url(s->sim));
	tell("STORAGE_EMULATOR_TLS_HOST", sim_tls_url(s->sim));
	tell("STORAGE_EMULATOR_CA_FILE", s->opts.ca_file);
	loop_on_signal(s->loop, SIGCHLD, on_child, &c);
	rc = start_command(&c, s, argv, status, err);
	if (rc == 0)
		rc = serve_command(&c, err);
	close(c.signals);
	if (rc != 0)
		return -1;
	*status = WIFSIGNALED(c.wait_status) ? 128 + WTERMSIG(c.wait_status)
					     : WEXITSTATUS(c.wait_status);
	return 0;
}
