# Fuzz targets.  One file is two programs of one name: libFuzzer's under
# --enable-fuzz, and else a test that replays the seeds in fixtures/fuzz.
# A new one is a word and a line here, and a folder of seeds; tools/fuzz finds it
# by that.
FUZZ_TARGETS = %D%/check_config %D%/check_cred %D%/check_link %D%/check_manifest \
	%D%/check_opt %D%/check_page %D%/check_path %D%/check_sim_access \
	%D%/check_sim_batch %D%/check_sim_bodies %D%/check_sim_bucket \
	%D%/check_sim_conf %D%/check_sim_expect %D%/check_sim_framing \
	%D%/check_sim_glob %D%/check_sim_http %D%/check_sim_http2 \
	%D%/check_sim_jwt %D%/check_sim_multipart %D%/check_sim_points \
	%D%/check_sim_range %D%/check_sim_retry %D%/check_sim_rule \
	%D%/check_sim_xml %D%/check_token_reply %D%/check_url
FUZZ_COMMON = %D%/fuzz.c %D%/fuzz.h
if !WITH_FUZZ
FUZZ_COMMON += %D%/replay.c
endif

if WITH_FUZZ
noinst_PROGRAMS += $(FUZZ_TARGETS)
else
check_PROGRAMS += $(FUZZ_TARGETS)
endif

tests_fuzz_check_config_SOURCES = %D%/fuzz_config.c $(CONFIG_SOURCES) \
	$(FUZZ_COMMON)
tests_fuzz_check_cred_SOURCES = %D%/fuzz_cred.c $(FUZZ_COMMON)
tests_fuzz_check_token_reply_SOURCES = %D%/fuzz_token_reply.c $(FUZZ_COMMON)
tests_fuzz_check_link_SOURCES = %D%/fuzz_link.c $(FUZZ_COMMON)
tests_fuzz_check_manifest_SOURCES = %D%/fuzz_manifest.c $(FUZZ_COMMON)
tests_fuzz_check_opt_SOURCES = %D%/fuzz_opt.c src/cli/options.c \
	src/cli/options.h $(FUZZ_COMMON)
tests_fuzz_check_page_SOURCES = %D%/fuzz_page.c $(FUZZ_COMMON)
tests_fuzz_check_path_SOURCES = %D%/fuzz_path.c $(FUZZ_COMMON)
tests_fuzz_check_sim_access_SOURCES = %D%/fuzz_sim_access.c $(FUZZ_COMMON)
tests_fuzz_check_sim_batch_SOURCES = %D%/fuzz_sim_batch.c $(FUZZ_COMMON)
tests_fuzz_check_sim_bodies_SOURCES = %D%/fuzz_sim_bodies.c $(FUZZ_COMMON)
tests_fuzz_check_sim_bucket_SOURCES = %D%/fuzz_sim_bucket.c $(FUZZ_COMMON)
tests_fuzz_check_sim_expect_SOURCES = %D%/fuzz_sim_expect.c \
	$(FUZZ_COMMON)
tests_fuzz_check_sim_conf_SOURCES = %D%/fuzz_sim_conf.c $(FUZZ_COMMON)
tests_fuzz_check_sim_framing_SOURCES = %D%/fuzz_sim_framing.c \
	$(FUZZ_COMMON)
tests_fuzz_check_sim_glob_SOURCES = %D%/fuzz_sim_glob.c $(FUZZ_COMMON)
tests_fuzz_check_sim_http_SOURCES = %D%/fuzz_sim_http.c $(FUZZ_COMMON)
tests_fuzz_check_sim_http2_SOURCES = %D%/fuzz_sim_http2.c $(FUZZ_COMMON)
tests_fuzz_check_sim_jwt_SOURCES = %D%/fuzz_sim_jwt.c $(FUZZ_COMMON)
tests_fuzz_check_sim_multipart_SOURCES = %D%/fuzz_sim_multipart.c \
	$(FUZZ_COMMON)
tests_fuzz_check_sim_points_SOURCES = %D%/fuzz_sim_points.c $(FUZZ_COMMON)
tests_fuzz_check_sim_range_SOURCES = %D%/fuzz_sim_range.c $(FUZZ_COMMON)
tests_fuzz_check_sim_retry_SOURCES = %D%/fuzz_sim_retry.c $(FUZZ_COMMON)
tests_fuzz_check_sim_rule_SOURCES = %D%/fuzz_sim_rule.c $(FUZZ_COMMON)
tests_fuzz_check_sim_xml_SOURCES = %D%/fuzz_sim_xml.c $(FUZZ_COMMON)
tests_fuzz_check_url_SOURCES = %D%/fuzz_url.c $(FUZZ_COMMON)

# libFuzzer has a main() of its own.
$(FUZZ_TARGETS): AM_LDFLAGS += $(FUZZ_LDFLAGS)
