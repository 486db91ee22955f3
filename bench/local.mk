# Yardsticks: built, never installed.
WATCH = %D%/watch.c %D%/watch.h

noinst_PROGRAMS += bench/bare
bench_bare_SOURCES = %D%/bare.c
bench_bare_LDADD = $(EVENT_LIBS)

noinst_PROGRAMS += bench/floor
bench_floor_SOURCES = %D%/floor.c $(WATCH)
bench_floor_LDADD =

noinst_PROGRAMS += bench/minimal
bench_minimal_SOURCES = %D%/minimal.c $(WATCH)
bench_minimal_LDADD = $(CURL_LIBS) $(EVENT_LIBS)

noinst_PROGRAMS += bench/million
bench_million_SOURCES = %D%/million.c $(WATCH)
bench_million_LDADD = libregistry.a libstorage.a libbase.a \
	$(JANSSON_LIBS) $(TLS_LIBS) $(CRYPTO_LIBS) $(SQLITE_LIBS) -lm

noinst_PROGRAMS += bench/mark
bench_mark_SOURCES = %D%/mark.c src/cli/stack.c src/cli/stack.h $(WATCH)
bench_mark_LDADD = $(HOUSE_LIBS) $(HOUSE_DEPS)

noinst_PROGRAMS += bench/pages
bench_pages_SOURCES = %D%/pages.c $(WATCH)
bench_pages_LDADD = libbase.a $(CURL_LIBS) $(JANSSON_LIBS)

noinst_PROGRAMS += bench/sweep
bench_sweep_SOURCES = %D%/sweep.c src/cli/stack.c src/cli/stack.h $(WATCH)
bench_sweep_LDADD = $(HOUSE_LIBS) $(HOUSE_DEPS)

EXTRA_DIST += %D%/RESULTS.md %D%/lib.sh %D%/limits.sh %D%/mark.sh %D%/row.awk %D%/run.sh %D%/scale.sh \
	%D%/tables.sh %D%/tls.sh %D%/watched.sh

# Some minutes of measuring; see %D%/run.sh.
bench: all
	@$(SHELL) $(top_srcdir)/bench/run.sh .

.PHONY: bench
