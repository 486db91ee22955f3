# The programs as people start them.
dist_check_SCRIPTS += \
	%D%/auth.sh \
	%D%/bench.sh \
	%D%/cases.sh \
	%D%/config.sh \
	%D%/credentials.sh \
	%D%/ctl.sh \
	%D%/ctl_files.sh \
	%D%/data.sh \
	%D%/contract.sh \
	%D%/counts.sh \
	%D%/examples.sh \
	%D%/http2.sh \
	%D%/doctor.sh \
	%D%/exec.sh \
	%D%/faults.sh \
	%D%/gc.sh \
	%D%/install.sh \
	%D%/json.sh \
	%D%/leaks.sh \
	%D%/lesson.sh \
	%D%/live.sh \
	%D%/login.sh \
	%D%/manual.sh \
	%D%/options_bench.sh \
	%D%/options_gc.sh \
	%D%/options_sim.sh \
	%D%/plan.sh \
	%D%/progress.sh \
	%D%/resume.sh \
	%D%/queries.sh \
	%D%/signals.sh \
	%D%/sim.sh \
	%D%/subset.sh \
	%D%/tls.sh \
	%D%/tree.sh \
	%D%/yardsticks.sh
EXTRA_DIST += %D%/stranger.c %D%/lib.sh %D%/options_lib.sh %D%/subset.awk

# Reads JSON lines for them.
noinst_PROGRAMS += tests/support/jsonl
tests_support_jsonl_SOURCES = tests/support/jsonl.c
tests_support_jsonl_LDADD = $(JANSSON_LIBS)
# What the lines of --json are held against; alone it tests itself.
check_PROGRAMS += %D%/json_lines
tests_e2e_json_lines_SOURCES = %D%/json_lines.c

# Kills a simulator and looks at what is left, for data.sh.
noinst_PROGRAMS += %D%/kill_rounds
tests_e2e_kill_rounds_SOURCES = %D%/kill_rounds.c
tests_e2e_kill_rounds_LDADD = libbase.a $(JANSSON_LIBS)

# Kills a client and runs it again, for resume.sh.
noinst_PROGRAMS += %D%/kill_applies
tests_e2e_kill_applies_SOURCES = %D%/kill_applies.c
tests_e2e_kill_applies_LDADD = libbase.a
