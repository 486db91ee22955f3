noinst_LIBRARIES += libsim.a
libsim_a_SOURCES = \
	%D%/access_log.c %D%/access_log.h \
	%D%/access.c %D%/access.h \
	%D%/acl.c %D%/acl.h \
	%D%/authority.c %D%/authority.h %D%/authority_priv.h \
	%D%/authority_believe.c \
	%D%/authority_file.c %D%/authority_file.h \
	%D%/authority_iam.c \
	%D%/authority_jwt.c %D%/authority_jwt.h \
	%D%/authority_key.c %D%/authority_key.h \
	%D%/authority_metadata.c \
	%D%/authority_places.c \
	%D%/authority_tell.c \
	%D%/authority_token.c \
	%D%/authority_weigh.c \
	%D%/base64.c %D%/base64.h \
	%D%/batch.c %D%/batch.h \
	%D%/bill.c %D%/bill.h \
	%D%/bucket.c %D%/bucket.h \
	%D%/bucket_json.c %D%/bucket_json.h \
	%D%/bucket_resource.c %D%/bucket_resource.h \
	%D%/bulk.c %D%/bulk.h \
	%D%/calls.c %D%/calls.h %D%/calls_priv.h \
	%D%/calls_answer.c \
	%D%/calls_batch.c \
	%D%/calls_limit.c \
	%D%/calls_fault.c \
	%D%/calls_count.c \
	%D%/calls_weigh.c \
	%D%/change.h \
	%D%/compose_json.c %D%/compose_json.h \
	%D%/conf.c %D%/conf.h \
	%D%/conf_json.c \
	%D%/control.c %D%/control.h \
	%D%/control_faults.c \
	%D%/control_priv.h \
	%D%/control_retry.c \
	%D%/control_auth.c \
	%D%/control_config.c \
	%D%/control_events.c \
	%D%/control_counts.c \
	%D%/control_state.c \
	%D%/control_stats.c \
	%D%/cost.c %D%/cost.h \
	%D%/cursor.c %D%/cursor.h \
	%D%/delay.c %D%/delay.h \
	%D%/events.c %D%/events.h \
	%D%/diff.c %D%/diff.h \
	%D%/expect.c %D%/expect.h \
	%D%/fault.h \
	%D%/fault_answer.c %D%/fault_answer.h \
	%D%/faults.c %D%/faults.h \
	%D%/fields.c %D%/fields.h \
	%D%/sim.c %D%/sim.h %D%/sim_priv.h \
	%D%/sim_counts.c %D%/sim_counts.h \
	%D%/sim_opts.h \
	%D%/sim_state.c %D%/sim_state.h \
	%D%/gcssim.c %D%/gcssim.h %D%/gcssim_priv.h \
	%D%/gcssim_ask.c \
	%D%/gcssim_file.c \
	%D%/glob.c %D%/glob.h \
	%D%/guard.c %D%/guard.h \
	%D%/gunzip.c %D%/gunzip.h \
	%D%/har.c %D%/har.h \
	%D%/hash.c %D%/hash.h \
	%D%/head.c %D%/head.h \
	%D%/http.c %D%/http.h %D%/http_priv.h \
	%D%/http2.h \
	%D%/http_answer.c \
	%D%/http_carry.c %D%/http_carry_priv.h \
	%D%/http_door.c %D%/http_door_priv.h \
	%D%/http_hear.c \
	%D%/http_later_priv.h \
	%D%/http_reader.c %D%/http_reader.h \
	%D%/http_slow.c %D%/http_slow.h \
	%D%/http_stream.c %D%/http_stream.h \
	%D%/index.c %D%/index.h \
	%D%/instructions.c %D%/instructions.h \
	%D%/journal.c %D%/journal.h \
	%D%/journal_text.c \
	%D%/json_out.c %D%/json_out.h \
	%D%/lateness.c %D%/lateness.h \
	%D%/latency.c %D%/latency.h \
	%D%/limiter.c %D%/limiter.h \
	%D%/limits.c %D%/limits.h \
	%D%/limits_keyed.c %D%/limits_keyed.h \
	%D%/listen.c %D%/listen.h \
	%D%/listing.c %D%/listing.h \
	%D%/meta.c %D%/meta.h \
	%D%/metrics.c %D%/metrics.h \
	%D%/method.c %D%/method.h \
	%D%/multipart.c %D%/multipart.h \
	%D%/object.c %D%/object.h \
	%D%/object_json.c %D%/object_json.h \
	%D%/operations.c %D%/operations.h %D%/operations_priv.h \
	%D%/operations_access.c %D%/operations_access.h \
	%D%/operations_acl.c \
	%D%/operations_bucket.c \
	%D%/operations_compose.c \
	%D%/operations_copy.c \
	%D%/operations_insert.c \
	%D%/operations_key.c \
	%D%/operations_list.c \
	%D%/operations_media.c \
	%D%/operations_notification.c \
	%D%/operations_object.c \
	%D%/operations_patch.c \
	%D%/operations_policy.c \
	%D%/operations_restore.c \
	%D%/operations_upload.c \
	%D%/operations_xml.c %D%/operations_xml.h \
	%D%/operations_xml_bucket.c \
	%D%/operations_xml_delete.c \
	%D%/operations_xml_list.c \
	%D%/operations_xml_object.c \
	%D%/operations_xml_upload.c \
	%D%/origin.c %D%/origin.h \
	%D%/parent.c %D%/parent.h \
	%D%/percent.c %D%/percent.h \
	%D%/permission.c %D%/permission.h \
	%D%/points.c %D%/points.h \
	%D%/preconditions.c %D%/preconditions.h \
	%D%/profile.c %D%/profile.h \
	%D%/promise.c %D%/promise.h \
	%D%/query.c %D%/query.h \
	%D%/ramp.c %D%/ramp.h \
	%D%/range.c %D%/range.h \
	%D%/rate.c %D%/rate.h \
	%D%/registry.c %D%/registry.h %D%/registry_priv.h \
	%D%/registry_demo.c \
	%D%/registry_spec.c \
	%D%/registry_synth.c \
	%D%/replay.c %D%/replay.h \
	%D%/reply.c %D%/reply.h \
	%D%/resource.c %D%/resource.h \
	%D%/restore.c %D%/restore.h \
	%D%/restore_json.c %D%/restore_json.h \
	%D%/restore_log.c %D%/restore_log.h \
	%D%/rewrite_token.c %D%/rewrite_token.h \
	%D%/retry_json.c %D%/retry_json.h \
	%D%/retry_test.c %D%/retry_test.h \
	%D%/rfc3339.c %D%/rfc3339.h \
	%D%/rollback.c %D%/rollback.h \
	%D%/route_part.c %D%/route_part.h \
	%D%/scope.c %D%/scope.h \
	%D%/scope_json.c %D%/scope_json.h \
	%D%/routes.c %D%/routes.h \
	%D%/rule.c %D%/rule.h \
	%D%/rule_keys.c %D%/rule_keys.h \
	%D%/rule_reach.c %D%/rule_reach.h \
	%D%/rules.c %D%/rules.h \
	%D%/rules_load.c \
	%D%/self.h \
	%D%/session.c %D%/session.h \
	%D%/settings.c %D%/settings.h \
	%D%/settings_settle.c \
	%D%/settings_text.c %D%/settings_text.h \
	%D%/settings_limits.c \
	%D%/snapshot.c %D%/snapshot.h \
	%D%/state_file.c %D%/state_file.h \
	%D%/status.c %D%/status.h \
	%D%/tally.c %D%/tally.h \
	%D%/tls.c %D%/tls.h \
	%D%/tls_cert.c %D%/tls_cert.h \
	%D%/store.h \
	%D%/store_meta.c %D%/store_meta.h \
	%D%/tree.c %D%/tree.h \
	%D%/upload.c %D%/upload.h \
	%D%/utf8.c %D%/utf8.h \
	%D%/diff_files.c %D%/diff_files.h \
	%D%/waits.c %D%/waits.h \
	%D%/whole_file.c %D%/whole_file.h \
	%D%/wire.c %D%/wire.h \
	%D%/world.c %D%/world.h \
	%D%/xml_body.c %D%/xml_body.h \
	%D%/xml_conditions.c %D%/xml_conditions.h \
	%D%/xml_delete.c %D%/xml_delete.h \
	%D%/xml_error.c %D%/xml_error.h \
	%D%/xml_in.c %D%/xml_in.h \
	%D%/xml_out.c %D%/xml_out.h \
	%D%/xml_route.c %D%/xml_route.h \
	%D%/xml_upload.c %D%/xml_upload.h
if HAVE_SQLITE
libsim_a_SOURCES += \
	%D%/store.c %D%/store_priv.h \
	%D%/store_bulk.c \
	%D%/store_file.c \
	%D%/store_image.c \
	%D%/store_load.c %D%/store_load.h \
	%D%/store_uploads.c \
	%D%/store_xml_uploads.c
else
libsim_a_SOURCES += %D%/store_none.c
endif

if HAVE_NGHTTP2
libsim_a_SOURCES += \
	%D%/http2.c %D%/http2_priv.h \
	%D%/http2_answer.c \
	%D%/http2_request.c
else
libsim_a_SOURCES += %D%/http2_none.c
endif

SIM_DEPS = $(JANSSON_LIBS) $(TLS_LIBS) $(CRYPTO_LIBS) $(EXPAT_LIBS) $(ZLIB_LIBS) \
	$(SQLITE_LIBS) $(NGHTTP2_LIBS) $(EVENT_LIBS) -lm

bin_PROGRAMS += gcs-sim
gcs_sim_SOURCES = \
	%D%/ctl.c %D%/ctl.h \
	%D%/ctl_http.c %D%/ctl_http.h \
	%D%/ctl_url.c %D%/ctl_url.h \
	%D%/exec.c %D%/exec.h \
	%D%/keygen.c %D%/keygen.h \
	%D%/main.c \
	%D%/serve.c %D%/serve.h
gcs_sim_LDADD = libsim.a libbase.a $(SIM_DEPS)

# The public library.  Names of the house are nobody else's business, and many of
# them are likely in other programs too: so all of it becomes one object in which
# gcssim_* alone are global, and that object is the static library and the shared
# one.  What has changed in gcssim.h decides on the version (libtool's current:
# revision:age): revision + 1 for a release that changed no declaration; else
# current + 1, revision 0, and age + 1 if all old programs still run, or age 0.
lib_LTLIBRARIES += libgcssim.la
libgcssim_la_SOURCES =
libgcssim_la_LIBADD = %D%/gcssim_whole.lo $(SIM_DEPS)
# What the compiler links in by itself, such as what counts lines, is no name of
# ours either.
libgcssim_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 \
	-Wl,--exclude-libs,ALL
include_HEADERS += %D%/gcssim.h
pkgconfig_DATA += %D%/gcssim.pc

%D%/gcssim_whole.$(OBJEXT): libsim.a libbase.a
	$(AM_V_GEN)$(LD) -r -o $@.all --whole-archive libsim.a libbase.a && \
	$(OBJCOPY) --wildcard --keep-global-symbol='gcssim_*' $@.all $@ && \
	rm -f $@.all

# Tells libtool that this object is as good for either library.
%D%/gcssim_whole.lo: %D%/gcssim_whole.$(OBJEXT)
	$(AM_V_GEN){ echo '# $@ - a libtool object file'; \
	echo '# Generated by libtool'; \
	echo "pic_object='gcssim_whole.$(OBJEXT)'"; \
	echo "non_pic_object='gcssim_whole.$(OBJEXT)'"; } >$@
CLEANFILES += %D%/gcssim_whole.$(OBJEXT) %D%/gcssim_whole.lo
