# To be read and copied; they run with the tests, so what they say is true.
check_PROGRAMS += examples/check_sweep
examples_check_sweep_SOURCES = %D%/check_sweep.c
examples_check_sweep_LDADD = $(HOUSE_LIBS) $(HOUSE_DEPS) $(CHECK_LIBS)

EXTRA_DIST += %D%/ci/github-actions.yml %D%/ci/gitlab-ci.yml %D%/ci/test.sh
