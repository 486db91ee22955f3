# Real clients, unmodified, against the simulator; tools/setup installs them.
dist_check_SCRIPTS += \
	%D%/boto3.sh \
	%D%/gcloud.sh \
	%D%/go.sh \
	%D%/gsutil.sh \
	%D%/node.sh \
	%D%/rclone.sh \
	%D%/retry.sh
EXTRA_DIST += %D%/lib.sh \
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
	%D%/retry_client.py
