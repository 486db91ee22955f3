# The programs as people start them.
dist_check_SCRIPTS += \
	%D%/bench.sh \
	%D%/cases.sh \
	%D%/gc.sh \
	%D%/sim.sh
EXTRA_DIST += %D%/lib.sh
