# Fuzz targets.  One file is two programs of one name: libFuzzer's under
# --enable-fuzz, and else a test that replays the seeds in fixtures/fuzz.
FUZZ_TARGETS = %D%/check_link %D%/check_manifest %D%/check_opt \
	%D%/check_page %D%/check_path %D%/check_url
FUZZ_COMMON = %D%/fuzz.c %D%/fuzz.h
if !WITH_FUZZ
FUZZ_COMMON += %D%/replay.c
endif

if WITH_FUZZ
noinst_PROGRAMS += $(FUZZ_TARGETS)
else
check_PROGRAMS += $(FUZZ_TARGETS)
endif

tests_fuzz_check_link_SOURCES = %D%/fuzz_link.c $(FUZZ_COMMON)
tests_fuzz_check_manifest_SOURCES = %D%/fuzz_manifest.c $(FUZZ_COMMON)
tests_fuzz_check_opt_SOURCES = %D%/fuzz_opt.c src/cli/options.c \
	src/cli/options.h $(FUZZ_COMMON)
tests_fuzz_check_page_SOURCES = %D%/fuzz_page.c $(FUZZ_COMMON)
tests_fuzz_check_path_SOURCES = %D%/fuzz_path.c $(FUZZ_COMMON)
tests_fuzz_check_url_SOURCES = %D%/fuzz_url.c $(FUZZ_COMMON)
tests_fuzz_check_link_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_check_manifest_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_check_opt_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_check_page_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_check_path_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_check_url_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
