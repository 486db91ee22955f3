# The suite on a real bucket: built with the others, run only when asked.
noinst_PROGRAMS += tests/live/live
tests_live_live_SOURCES = %D%/live.c \
	%D%/probe.c %D%/probe.h %D%/scratch.c %D%/scratch.h \
	src/cli/login.c src/cli/login.h src/cli/options.c src/cli/options.h \
	src/cli/output.c src/cli/output.h src/cli/status.c src/cli/status.h \
	src/cli/target.c src/cli/target.h src/cli/where.c src/cli/where.h \
	$(CONFIG_SOURCES) \
	$(CONFORMANCE)
EXTRA_DIST += %D%/run.sh

check-live: gcsweep$(EXEEXT) tests/live/live$(EXEEXT)
	@top_builddir=. BUCKET='$(BUCKET)' REPORT='$(REPORT)' \
		$(SHELL) $(srcdir)/tests/live/run.sh
.PHONY: check-live
