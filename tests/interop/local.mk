# Real clients, unmodified, against the simulator; tools/setup installs them.
dist_check_SCRIPTS += \
	%D%/rclone.sh
EXTRA_DIST += %D%/lib.sh \
	%D%/node/package-lock.json \
	%D%/node/package.json
