# Real clients, unmodified, against the simulator; tools/setup installs them.  Most
# of their time goes into starting them, so that `make check` leaves them out.
interop_tests = \
	%D%/boto3.sh \
	%D%/gcloud.sh \
	%D%/go.sh \
	%D%/gsutil.sh \
	%D%/node.sh \
	%D%/rclone.sh \
	%D%/retry.sh \
	%D%/upstream.sh
EXTRA_DIST += $(interop_tests) %D%/lib.sh \
	%D%/boto3_client.py \
	%D%/go/main.go \
	%D%/node/access.mjs \
	%D%/node/buckets.mjs \
	%D%/node/check.mjs \
	%D%/node/copies.mjs \
	%D%/node/lists.mjs \
	%D%/node/main.mjs \
	%D%/node/objects.mjs \
	%D%/node/package-lock.json \
	%D%/node/package.json \
	%D%/node/retries.mjs \
	%D%/node/uploads.mjs \
	%D%/retry_client.py \
	%D%/upstream/collectors.py \
	%D%/upstream/compare.py \
	%D%/upstream/differences.py \
	%D%/upstream/make.py \
	%D%/upstream/pull.py \
	%D%/upstream/random_tree.py \
	%D%/upstream/scenes.py \
	%D%/upstream/served.py \
	%D%/upstream/tree.py \
	%D%/upstream/trees.py

# It may run beside `make check`, and builds nothing of what that builds.
check-interop: all
	@$(MKDIR_P) %D%
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(interop_tests)' \
		check_PROGRAMS= check_LIBRARIES= TEST_SUITE_LOG=%D%/suite.log
.PHONY: check-interop
