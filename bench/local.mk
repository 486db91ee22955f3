# Yardsticks: built, never installed.
noinst_PROGRAMS += bench/minimal
bench_minimal_SOURCES = %D%/minimal.c
bench_minimal_LDADD = $(CURL_LIBS) $(EVENT_LIBS)
