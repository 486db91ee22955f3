# To be read and copied; they run with the tests, so what they say is true.
check_PROGRAMS += examples/check_sweep
examples_check_sweep_SOURCES = %D%/check_sweep.c
examples_check_sweep_LDADD = $(HOUSE_LIBS) $(HOUSE_DEPS) $(CHECK_LIBS)

# The one for strangers: it is given the public header and library alone.
check_PROGRAMS += examples/check_with_gcssim
examples_check_with_gcssim_SOURCES = %D%/check_with_gcssim.c
examples_check_with_gcssim_CPPFLAGS = -I$(top_srcdir)/sim $(CURL_CFLAGS) $(CHECK_CFLAGS)
examples_check_with_gcssim_LDFLAGS = $(AM_LDFLAGS) -static
examples_check_with_gcssim_LDADD = libgcssim.la $(CURL_LIBS) $(CHECK_LIBS)

EXTRA_DIST += %D%/README.md \
	%D%/ci/github-actions.yml %D%/ci/gitlab-ci.yml %D%/ci/test.sh \
	%D%/docker/Dockerfile %D%/docker/compose.yaml \
	%D%/shell/test.sh \
	%D%/testcontainers/GcsSimTest.java %D%/testcontainers/gcs-sim.test.mjs \
	%D%/testcontainers/gcs_sim_test.go
