# Tests speak TAP.  Adding a unit test is a file and two lines in the .mk of its
# floor in %D%/unit; every one is linked against all of the house.

LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
TESTS = $(check_PROGRAMS) $(dist_check_SCRIPTS)
# So that a script can be run by its name though it is not among TESTS.
TEST_EXTENSIONS = .sh
SH_LOG_DRIVER = $(LOG_DRIVER)
AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(top_srcdir)'; export top_srcdir; \
	top_builddir='$(top_builddir)'; export top_builddir; \
	ASAN_OPTIONS=detect_leaks=1; export ASAN_OPTIONS; \
	HOUSE_CC='$(CC)'; export HOUSE_CC; \
	HOUSE_CFLAGS='$(SAN_CFLAGS) $(COVERAGE_CFLAGS)'; export HOUSE_CFLAGS;

check_LIBRARIES += libsuite.a
libsuite_a_SOURCES = %D%/support/raw_server.c %D%/support/raw_server.h \
	%D%/support/maker.c %D%/support/maker.h \
	%D%/support/maker_age.c %D%/support/maker_oracle.c %D%/support/maker_priv.h \
	%D%/support/proxy.c %D%/support/proxy.h \
	%D%/support/rig.c %D%/support/rig.h \
	%D%/support/scene.c %D%/support/scene.h \
	%D%/support/suite.c %D%/support/suite.h \
	%D%/support/tls_certs.c %D%/support/tls_certs.h \
	%D%/support/tls_server.c %D%/support/tls_server.h

HOUSE_LIBS = libregistry.a libgcs.a libauth.a libnet.a libsim.a libstorage.a libbase.a
HOUSE_DEPS = $(CURL_LIBS) $(JANSSON_LIBS) $(TLS_LIBS) $(CRYPTO_LIBS) $(EXPAT_LIBS) $(ZLIB_LIBS) \
	$(SQLITE_LIBS) $(FYAML_LIBS) $(NGHTTP2_LIBS) $(EVENT_LIBS) -lm
LDADD = libsuite.a $(HOUSE_LIBS) $(HOUSE_DEPS) $(CHECK_LIBS)

# A hundred thousand random registries and not a thousand; a minute or two.
SOAK = 100000
soak: tests/unit/check_gc_soak$(EXEEXT)
	SOAK='$(SOAK)' tests/unit/check_gc_soak$(EXEEXT)
.PHONY: soak

EXTRA_DIST += tests/mutants/table

# For tools/mutants: $(MUTANT).c, a source of ours with a guard switched off, linked
# with the objects of a test.
mutant: $(check_LIBRARIES) $(HOUSE_LIBS)
	$(COMPILE) -c -o '$(MUTANT).o' '$(MUTANT).c'
	$(CCLD) $(AM_CFLAGS) $(CFLAGS) $(AM_LDFLAGS) $(LDFLAGS) -o '$(MUTANT)' \
		$(OBJECTS) '$(MUTANT).o' $(LDADD) $(LIBS)
.PHONY: mutant

include tests/unit/local.mk
include tests/contract/local.mk
include tests/driver/local.mk
include tests/e2e/local.mk
include tests/fuzz/local.mk
include tests/interop/local.mk
include tests/live/local.mk
