# Unit tests of auth: a line in check_PROGRAMS and one for the sources.
check_PROGRAMS += tests/unit/check_auth_find
tests_unit_check_auth_find_SOURCES = tests/unit/check_auth_find.c \
	tests/unit/auth_world.c tests/unit/auth_world.h
check_PROGRAMS += tests/unit/check_auth_kinds
tests_unit_check_auth_kinds_SOURCES = tests/unit/check_auth_kinds.c \
	tests/unit/auth_world.c tests/unit/auth_world.h
check_PROGRAMS += tests/unit/check_auth_reply
tests_unit_check_auth_reply_SOURCES = tests/unit/check_auth_reply.c \
	tests/unit/auth_world.c tests/unit/auth_world.h
check_PROGRAMS += tests/unit/check_auth_token
tests_unit_check_auth_token_SOURCES = tests/unit/check_auth_token.c \
	tests/unit/auth_world.c tests/unit/auth_world.h
