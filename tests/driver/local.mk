# One conformance suite, run on every store.
CONFORMANCE = %D%/conformance.c %D%/conformance.h %D%/conformance_priv.h \
	%D%/conformance_many.c %D%/conformance_objects.c \
	%D%/conformance_path.c

check_PROGRAMS += tests/driver/check_mem
tests_driver_check_mem_SOURCES = %D%/check_mem.c $(CONFORMANCE)

check_PROGRAMS += tests/driver/check_gcs
tests_driver_check_gcs_SOURCES = %D%/check_gcs.c \
	%D%/gcs_driver.c %D%/gcs_driver.h $(CONFORMANCE)

check_PROGRAMS += tests/driver/check_gcs_real
tests_driver_check_gcs_real_SOURCES = %D%/check_gcs_real.c \
	%D%/gcs_driver.c %D%/gcs_driver.h $(CONFORMANCE)

check_PROGRAMS += tests/driver/check_gcs_faults
tests_driver_check_gcs_faults_SOURCES = %D%/check_gcs_faults.c

check_PROGRAMS += tests/driver/check_virtual
tests_driver_check_virtual_SOURCES = %D%/check_virtual.c

check_PROGRAMS += tests/driver/check_hostile
tests_driver_check_hostile_SOURCES = %D%/check_hostile.c

check_PROGRAMS += tests/driver/check_matrix
tests_driver_check_matrix_SOURCES = %D%/check_matrix.c \
	%D%/matrix_cells.c %D%/matrix_cells.h \
	%D%/matrix_rows.c %D%/matrix_rows.h

check_PROGRAMS += tests/driver/check_retry_conformance
tests_driver_check_retry_conformance_SOURCES = %D%/check_retry_conformance.c

check_PROGRAMS += tests/driver/check_limits
tests_driver_check_limits_SOURCES = %D%/check_limits.c

check_PROGRAMS += tests/driver/check_gcs_token
tests_driver_check_gcs_token_SOURCES = %D%/check_gcs_token.c \
	tests/unit/auth_world.c tests/unit/auth_world.h

LEAKS = %D%/leak_world.c %D%/leak_world.h \
	tests/unit/auth_world.c tests/unit/auth_world.h
check_PROGRAMS += tests/driver/check_leaks
tests_driver_check_leaks_SOURCES = %D%/check_leaks.c $(LEAKS)
check_PROGRAMS += tests/driver/check_leak_answers
tests_driver_check_leak_answers_SOURCES = %D%/check_leak_answers.c $(LEAKS)
