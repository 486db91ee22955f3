# Yardsticks: built, never installed.
noinst_PROGRAMS += bench/minimal
bench_minimal_SOURCES = %D%/minimal.c
bench_minimal_LDADD = $(CURL_LIBS) $(EVENT_LIBS)

noinst_PROGRAMS += bench/million
bench_million_SOURCES = %D%/million.c
bench_million_LDADD = libregistry.a libstorage.a libbase.a \
	$(JANSSON_LIBS) $(CRYPTO_LIBS)
