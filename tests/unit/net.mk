# Unit tests of net: a line in check_PROGRAMS and one for the sources.
check_PROGRAMS += tests/unit/check_net_answer
tests_unit_check_net_answer_SOURCES = tests/unit/check_net_answer.c \
	tests/unit/net_world.c tests/unit/net_world.h
check_PROGRAMS += tests/unit/check_net_client
tests_unit_check_net_client_SOURCES = tests/unit/check_net_client.c \
	tests/unit/net_world.c tests/unit/net_world.h
check_PROGRAMS += tests/unit/check_net_echo
tests_unit_check_net_echo_SOURCES = tests/unit/check_net_echo.c
check_PROGRAMS += tests/unit/check_net_head
tests_unit_check_net_head_SOURCES = tests/unit/check_net_head.c
check_PROGRAMS += tests/unit/check_net_proxy
tests_unit_check_net_proxy_SOURCES = tests/unit/check_net_proxy.c \
	tests/unit/tls_world.c tests/unit/tls_world.h
check_PROGRAMS += tests/unit/check_net_retry
tests_unit_check_net_retry_SOURCES = tests/unit/check_net_retry.c
check_PROGRAMS += tests/unit/check_net_tls
tests_unit_check_net_tls_SOURCES = tests/unit/check_net_tls.c \
	tests/unit/tls_world.c tests/unit/tls_world.h
check_PROGRAMS += tests/unit/check_net_url
tests_unit_check_net_url_SOURCES = tests/unit/check_net_url.c
check_PROGRAMS += tests/unit/check_outage
tests_unit_check_outage_SOURCES = tests/unit/check_outage.c
check_PROGRAMS += tests/unit/check_pace
tests_unit_check_pace_SOURCES = tests/unit/check_pace.c
check_PROGRAMS += tests/unit/check_pace_model
tests_unit_check_pace_model_SOURCES = tests/unit/check_pace_model.c \
	tests/unit/pace_model.c tests/unit/pace_model.h
check_PROGRAMS += tests/unit/check_net_width
tests_unit_check_net_width_SOURCES = tests/unit/check_net_width.c

# And of gcs.
check_PROGRAMS += tests/unit/check_gcs_ask
tests_unit_check_gcs_ask_SOURCES = tests/unit/check_gcs_ask.c
check_PROGRAMS += tests/unit/check_gcs_bucket
tests_unit_check_gcs_bucket_SOURCES = tests/unit/check_gcs_bucket.c
check_PROGRAMS += tests/unit/check_gcs_cancel
tests_unit_check_gcs_cancel_SOURCES = tests/unit/check_gcs_cancel.c \
	tests/unit/gcs_world.c tests/unit/gcs_world.h
check_PROGRAMS += tests/unit/check_gcs_excuse
tests_unit_check_gcs_excuse_SOURCES = tests/unit/check_gcs_excuse.c
check_PROGRAMS += tests/unit/check_gcs_page
tests_unit_check_gcs_page_SOURCES = tests/unit/check_gcs_page.c
check_PROGRAMS += tests/unit/check_gcs_parts
tests_unit_check_gcs_parts_SOURCES = tests/unit/check_gcs_parts.c \
	tests/unit/gcs_world.c tests/unit/gcs_world.h
check_PROGRAMS += tests/unit/check_gcs_md5
tests_unit_check_gcs_md5_SOURCES = tests/unit/check_gcs_md5.c
check_PROGRAMS += tests/unit/check_gcs_stamp
tests_unit_check_gcs_stamp_SOURCES = tests/unit/check_gcs_stamp.c
check_PROGRAMS += tests/unit/check_gcs_store
tests_unit_check_gcs_store_SOURCES = tests/unit/check_gcs_store.c \
	tests/unit/gcs_world.c tests/unit/gcs_world.h
check_PROGRAMS += tests/unit/check_gcs_verdict
tests_unit_check_gcs_verdict_SOURCES = tests/unit/check_gcs_verdict.c \
	tests/unit/gcs_world.c tests/unit/gcs_world.h
