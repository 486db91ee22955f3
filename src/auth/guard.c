/* SPDX-License-Identifier: MIT */
/*
 * Two locks, since either has a hole: a limit of 0 does not stop a core that is
 * piped into a program (core_pattern "|..."), and what is not dumpable can be
 * made so again by an exec.
 */
#include "src/auth/guard.h"

#include <sys/prctl.h>
#include <sys/resource.h>

/* The leak checker of the sanitizers is a debugger itself. */
#if defined(__SANITIZE_ADDRESS__)
#define IS_DEBUGGED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_DEBUGGED 1
#endif
#endif
#ifndef IS_DEBUGGED
#define IS_DEBUGGED 0
#endif

void
secret_guard(void)
{
	struct rlimit none = { 0, 0 };

	/* Neither can fail when it asks for less. */
	(void)setrlimit(RLIMIT_CORE, &none);
	if (!IS_DEBUGGED)
		(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
