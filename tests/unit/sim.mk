# Unit tests of sim: a line in check_PROGRAMS and one for the sources.
check_PROGRAMS += tests/unit/check_gcssim
tests_unit_check_gcssim_SOURCES = tests/unit/check_gcssim.c
check_PROGRAMS += tests/unit/check_sim_access_log
tests_unit_check_sim_access_log_SOURCES = tests/unit/check_sim_access_log.c \
	tests/unit/sim_client.c tests/unit/sim_client.h
check_PROGRAMS += tests/unit/check_sim_api
tests_unit_check_sim_api_SOURCES = tests/unit/check_sim_api.c \
	tests/unit/sim_client.c tests/unit/sim_client.h
check_PROGRAMS += tests/unit/check_sim_arrival
tests_unit_check_sim_arrival_SOURCES = tests/unit/check_sim_arrival.c \
	tests/unit/sim_client.c tests/unit/sim_client.h \
	tests/unit/sim_peer.c tests/unit/sim_peer.h
check_PROGRAMS += tests/unit/check_sim_batch
tests_unit_check_sim_batch_SOURCES = tests/unit/check_sim_batch.c \
	tests/unit/sim_client.c tests/unit/sim_client.h
check_PROGRAMS += tests/unit/check_sim_bucket
tests_unit_check_sim_bucket_SOURCES = tests/unit/check_sim_bucket.c
check_PROGRAMS += tests/unit/check_sim_bulk
tests_unit_check_sim_bulk_SOURCES = tests/unit/check_sim_bulk.c
check_PROGRAMS += tests/unit/check_sim_buckets
tests_unit_check_sim_buckets_SOURCES = tests/unit/check_sim_buckets.c \
	tests/unit/sim_client.c tests/unit/sim_client.h
check_PROGRAMS += tests/unit/check_sim_clock
tests_unit_check_sim_clock_SOURCES = tests/unit/check_sim_clock.c \
	tests/unit/sim_client.c tests/unit/sim_client.h
check_PROGRAMS += tests/unit/check_sim_compose
tests_unit_check_sim_compose_SOURCES = tests/unit/check_sim_compose.c \
	tests/unit/sim_client.c tests/unit/sim_client.h \
	tests/unit/sim_talk.c tests/unit/sim_talk.h
check_PROGRAMS += tests/unit/check_sim_connections
tests_unit_check_sim_connections_SOURCES = \
	tests/unit/check_sim_connections.c \
	tests/unit/sim_peer.c tests/unit/sim_peer.h
check_PROGRAMS += tests/unit/check_sim_control
tests_unit_check_sim_control_SOURCES = tests/unit/check_sim_control.c \
	tests/unit/sim_client.c tests/unit/sim_client.h
check_PROGRAMS += tests/unit/check_sim_copy
tests_unit_check_sim_copy_SOURCES = tests/unit/check_sim_copy.c \
	tests/unit/sim_client.c tests/unit/sim_client.h \
	tests/unit/sim_talk.c tests/unit/sim_talk.h
check_PROGRAMS += tests/unit/check_sim_counts
tests_unit_check_sim_counts_SOURCES = tests/unit/check_sim_counts.c \
	tests/unit/sim_client.c tests/unit/sim_client.h
check_PROGRAMS += tests/unit/check_sim_waits
tests_unit_check_sim_waits_SOURCES = tests/unit/check_sim_waits.c \
	tests/unit/sim_client.c tests/unit/sim_client.h
check_PROGRAMS += tests/unit/check_sim_events
tests_unit_check_sim_events_SOURCES = tests/unit/check_sim_events.c \
	tests/unit/sim_client.c tests/unit/sim_client.h \
	tests/unit/sim_peer.c tests/unit/sim_peer.h
check_PROGRAMS += tests/unit/check_sim_exchange
tests_unit_check_sim_exchange_SOURCES = tests/unit/check_sim_exchange.c \
	tests/unit/sim_peer.c tests/unit/sim_peer.h
check_PROGRAMS += tests/unit/check_sim_expect
tests_unit_check_sim_expect_SOURCES = tests/unit/check_sim_expect.c
check_PROGRAMS += tests/unit/check_sim_faults
tests_unit_check_sim_faults_SOURCES = tests/unit/check_sim_faults.c \
	tests/unit/sim_client.c tests/unit/sim_client.h
check_PROGRAMS += tests/unit/check_sim_fields
tests_unit_check_sim_fields_SOURCES = tests/unit/check_sim_fields.c
check_PROGRAMS += tests/unit/check_sim_fill
tests_unit_check_sim_fill_SOURCES = tests/unit/check_sim_fill.c \
	tests/unit/sim_client.c tests/unit/sim_client.h
check_PROGRAMS += tests/unit/check_sim_guard
tests_unit_check_sim_guard_SOURCES = tests/unit/check_sim_guard.c
check_PROGRAMS += tests/unit/check_sim_glob
tests_unit_check_sim_glob_SOURCES = tests/unit/check_sim_glob.c
check_PROGRAMS += tests/unit/check_sim_gunzip
tests_unit_check_sim_gunzip_SOURCES = tests/unit/check_sim_gunzip.c
check_PROGRAMS += tests/unit/check_sim_hash
tests_unit_check_sim_hash_SOURCES = tests/unit/check_sim_hash.c
check_PROGRAMS += tests/unit/check_sim_head
tests_unit_check_sim_head_SOURCES = tests/unit/check_sim_head.c
check_PROGRAMS += tests/unit/check_sim_http
tests_unit_check_sim_http_SOURCES = tests/unit/check_sim_http.c \
	tests/unit/sim_client.c tests/unit/sim_client.h
check_PROGRAMS += tests/unit/check_sim_instructions
tests_unit_check_sim_instructions_SOURCES = \
	tests/unit/check_sim_instructions.c
check_PROGRAMS += tests/unit/check_sim_journal
tests_unit_check_sim_journal_SOURCES = tests/unit/check_sim_journal.c
check_PROGRAMS += tests/unit/check_sim_json
tests_unit_check_sim_json_SOURCES = tests/unit/check_sim_json.c
check_PROGRAMS += tests/unit/check_sim_latency
tests_unit_check_sim_latency_SOURCES = tests/unit/check_sim_latency.c
check_PROGRAMS += tests/unit/check_sim_limiter
tests_unit_check_sim_limiter_SOURCES = tests/unit/check_sim_limiter.c
check_PROGRAMS += tests/unit/check_sim_limits
tests_unit_check_sim_limits_SOURCES = tests/unit/check_sim_limits.c
check_PROGRAMS += tests/unit/check_sim_list
tests_unit_check_sim_list_SOURCES = tests/unit/check_sim_list.c \
	tests/unit/sim_client.c tests/unit/sim_client.h
check_PROGRAMS += tests/unit/check_sim_listing
tests_unit_check_sim_listing_SOURCES = tests/unit/check_sim_listing.c
check_PROGRAMS += tests/unit/check_sim_media
tests_unit_check_sim_media_SOURCES = tests/unit/check_sim_media.c \
	tests/unit/sim_client.c tests/unit/sim_client.h
check_PROGRAMS += tests/unit/check_sim_method
tests_unit_check_sim_method_SOURCES = tests/unit/check_sim_method.c
check_PROGRAMS += tests/unit/check_sim_multipart
tests_unit_check_sim_multipart_SOURCES = tests/unit/check_sim_multipart.c
check_PROGRAMS += tests/unit/check_sim_parent
tests_unit_check_sim_parent_SOURCES = tests/unit/check_sim_parent.c
check_PROGRAMS += tests/unit/check_sim_patch
tests_unit_check_sim_patch_SOURCES = tests/unit/check_sim_patch.c \
	tests/unit/sim_client.c tests/unit/sim_client.h \
	tests/unit/sim_talk.c tests/unit/sim_talk.h
check_PROGRAMS += tests/unit/check_sim_restore
tests_unit_check_sim_restore_SOURCES = tests/unit/check_sim_restore.c \
	tests/unit/sim_client.c tests/unit/sim_client.h \
	tests/unit/sim_talk.c tests/unit/sim_talk.h
check_PROGRAMS += tests/unit/check_sim_replay
tests_unit_check_sim_replay_SOURCES = tests/unit/check_sim_replay.c \
	tests/unit/sim_client.c tests/unit/sim_client.h
check_PROGRAMS += tests/unit/check_sim_retry
tests_unit_check_sim_retry_SOURCES = tests/unit/check_sim_retry.c \
	tests/unit/sim_client.c tests/unit/sim_client.h \
	tests/unit/sim_peer.c tests/unit/sim_peer.h
check_PROGRAMS += tests/unit/check_sim_rfc3339
tests_unit_check_sim_rfc3339_SOURCES = tests/unit/check_sim_rfc3339.c
check_PROGRAMS += tests/unit/check_sim_overload
tests_unit_check_sim_overload_SOURCES = tests/unit/check_sim_overload.c \
	tests/unit/sim_client.c tests/unit/sim_client.h
check_PROGRAMS += tests/unit/check_sim_ramp
tests_unit_check_sim_ramp_SOURCES = tests/unit/check_sim_ramp.c
check_PROGRAMS += tests/unit/check_sim_range
tests_unit_check_sim_range_SOURCES = tests/unit/check_sim_range.c
check_PROGRAMS += tests/unit/check_sim_resumable
tests_unit_check_sim_resumable_SOURCES = tests/unit/check_sim_resumable.c \
	tests/unit/sim_client.c tests/unit/sim_client.h \
	tests/unit/sim_resume.c tests/unit/sim_resume.h
check_PROGRAMS += tests/unit/check_sim_resumable_order
tests_unit_check_sim_resumable_order_SOURCES = \
	tests/unit/check_sim_resumable_order.c \
	tests/unit/sim_client.c tests/unit/sim_client.h \
	tests/unit/sim_resume.c tests/unit/sim_resume.h
check_PROGRAMS += tests/unit/check_sim_reader
tests_unit_check_sim_reader_SOURCES = tests/unit/check_sim_reader.c
check_PROGRAMS += tests/unit/check_sim_rule
tests_unit_check_sim_rule_SOURCES = tests/unit/check_sim_rule.c
check_PROGRAMS += tests/unit/check_sim_rules
tests_unit_check_sim_rules_SOURCES = tests/unit/check_sim_rules.c \
	tests/unit/sim_client.c tests/unit/sim_client.h
check_PROGRAMS += tests/unit/check_sim_rules_wire
tests_unit_check_sim_rules_wire_SOURCES = \
	tests/unit/check_sim_rules_wire.c \
	tests/unit/sim_client.c tests/unit/sim_client.h
check_PROGRAMS += tests/unit/check_sim_scope
tests_unit_check_sim_scope_SOURCES = tests/unit/check_sim_scope.c
check_PROGRAMS += tests/unit/check_sim_seed
tests_unit_check_sim_seed_SOURCES = tests/unit/check_sim_seed.c
check_PROGRAMS += tests/unit/check_sim_session
tests_unit_check_sim_session_SOURCES = tests/unit/check_sim_session.c
check_PROGRAMS += tests/unit/check_sim_snapshot
tests_unit_check_sim_snapshot_SOURCES = tests/unit/check_sim_snapshot.c \
	tests/unit/sim_client.c tests/unit/sim_client.h
if HAVE_NGHTTP2
check_PROGRAMS += tests/unit/check_sim_http2
tests_unit_check_sim_http2_SOURCES = tests/unit/check_sim_http2.c
endif
if HAVE_SQLITE
check_PROGRAMS += tests/unit/check_sim_store tests/unit/check_sim_store_file \
	tests/unit/check_sim_store_parts tests/unit/check_sim_store_image \
	tests/unit/check_sim_state tests/unit/check_gcssim_file
endif
tests_unit_check_sim_state_SOURCES = tests/unit/check_sim_state.c \
	tests/unit/sim_client.c tests/unit/sim_client.h \
	tests/unit/sim_file.c tests/unit/sim_file.h
tests_unit_check_sim_store_SOURCES = tests/unit/check_sim_store.c \
	tests/unit/sim_file.c tests/unit/sim_file.h
tests_unit_check_sim_store_file_SOURCES = tests/unit/check_sim_store_file.c \
	tests/unit/sim_client.c tests/unit/sim_client.h \
	tests/unit/sim_file.c tests/unit/sim_file.h
tests_unit_check_gcssim_file_SOURCES = tests/unit/check_gcssim_file.c
tests_unit_check_sim_store_image_SOURCES = \
	tests/unit/check_sim_store_image.c \
	tests/unit/sim_file.c tests/unit/sim_file.h
tests_unit_check_sim_store_parts_SOURCES = \
	tests/unit/check_sim_store_parts.c \
	tests/unit/sim_client.c tests/unit/sim_client.h \
	tests/unit/sim_file.c tests/unit/sim_file.h \
	tests/unit/sim_xml_talk.c tests/unit/sim_xml_talk.h
check_PROGRAMS += tests/unit/check_sim_tally
tests_unit_check_sim_tally_SOURCES = tests/unit/check_sim_tally.c
check_PROGRAMS += tests/unit/check_sim_tls
tests_unit_check_sim_tls_SOURCES = tests/unit/check_sim_tls.c \
	tests/unit/sim_peer.c tests/unit/sim_peer.h \
	tests/unit/tls_peer.c tests/unit/tls_peer.h
check_PROGRAMS += tests/unit/check_sim_tree
tests_unit_check_sim_tree_SOURCES = tests/unit/check_sim_tree.c
check_PROGRAMS += tests/unit/check_sim_turmoil
tests_unit_check_sim_turmoil_SOURCES = tests/unit/check_sim_turmoil.c \
	tests/unit/sim_client.c tests/unit/sim_client.h
check_PROGRAMS += tests/unit/check_sim_upload
tests_unit_check_sim_upload_SOURCES = tests/unit/check_sim_upload.c \
	tests/unit/sim_client.c tests/unit/sim_client.h
check_PROGRAMS += tests/unit/check_sim_xml
tests_unit_check_sim_xml_SOURCES = tests/unit/check_sim_xml.c
check_PROGRAMS += tests/unit/check_sim_xml_api
tests_unit_check_sim_xml_api_SOURCES = tests/unit/check_sim_xml_api.c \
	tests/unit/sim_client.c tests/unit/sim_client.h \
	tests/unit/sim_xml_talk.c tests/unit/sim_xml_talk.h
check_PROGRAMS += tests/unit/check_sim_xml_body
tests_unit_check_sim_xml_body_SOURCES = tests/unit/check_sim_xml_body.c
check_PROGRAMS += tests/unit/check_sim_xml_upload
tests_unit_check_sim_xml_upload_SOURCES = tests/unit/check_sim_xml_upload.c \
	tests/unit/sim_client.c tests/unit/sim_client.h \
	tests/unit/sim_xml_talk.c tests/unit/sim_xml_talk.h

check_PROGRAMS += tests/unit/check_sim_slow
tests_unit_check_sim_slow_SOURCES = tests/unit/check_sim_slow.c \
	tests/unit/sim_peer.c tests/unit/sim_peer.h
check_PROGRAMS += tests/unit/check_sim_cost
tests_unit_check_sim_cost_SOURCES = tests/unit/check_sim_cost.c \
	tests/unit/sim_client.c tests/unit/sim_client.h
check_PROGRAMS += tests/unit/check_sim_lateness
tests_unit_check_sim_lateness_SOURCES = tests/unit/check_sim_lateness.c \
	tests/unit/sim_client.c tests/unit/sim_client.h
check_PROGRAMS += tests/unit/check_sim_points
tests_unit_check_sim_points_SOURCES = tests/unit/check_sim_points.c
check_PROGRAMS += tests/unit/check_sim_profile
tests_unit_check_sim_profile_SOURCES = tests/unit/check_sim_profile.c \
	tests/unit/sim_client.c tests/unit/sim_client.h
check_PROGRAMS += tests/unit/check_sim_authority
tests_unit_check_sim_authority_SOURCES = tests/unit/check_sim_authority.c \
	tests/unit/sim_auth.c tests/unit/sim_auth.h \
	tests/unit/sim_client.c tests/unit/sim_client.h
check_PROGRAMS += tests/unit/check_sim_grants
tests_unit_check_sim_grants_SOURCES = tests/unit/check_sim_grants.c \
	tests/unit/sim_auth.c tests/unit/sim_auth.h \
	tests/unit/sim_client.c tests/unit/sim_client.h \
	tests/unit/sim_signer.c tests/unit/sim_signer.h
