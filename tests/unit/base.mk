# Unit tests of base: a line in check_PROGRAMS and one for the sources.
check_PROGRAMS += tests/unit/check_buf
tests_unit_check_buf_SOURCES = tests/unit/check_buf.c
