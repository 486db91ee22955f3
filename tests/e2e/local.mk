# The programs as people start them.
dist_check_SCRIPTS += \
	%D%/bench.sh \
	%D%/cases.sh \
	%D%/contract.sh \
	%D%/examples.sh \
	%D%/exec.sh \
	%D%/gc.sh \
	%D%/json.sh \
	%D%/lesson.sh \
	%D%/options.sh \
	%D%/progress.sh \
	%D%/signals.sh \
	%D%/sim.sh \
	%D%/subset.sh \
	%D%/tree.sh \
	%D%/yardsticks.sh
EXTRA_DIST += %D%/lib.sh %D%/subset.awk

# Reads JSON lines for them.
noinst_PROGRAMS += tests/support/jsonl
tests_support_jsonl_SOURCES = tests/support/jsonl.c
tests_support_jsonl_LDADD = $(JANSSON_LIBS)
# What the lines of --json are held against; alone it tests itself.
check_PROGRAMS += %D%/json_lines
tests_e2e_json_lines_SOURCES = %D%/json_lines.c
