noinst_LIBRARIES += libauth.a
libauth_a_SOURCES = \
	%D%/cred.h \
	%D%/token.h
