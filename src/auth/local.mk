noinst_LIBRARIES += libauth.a
libauth_a_SOURCES = \
	%D%/cred.c %D%/cred.h %D%/cred_priv.h \
	%D%/cred_external.c \
	%D%/cred_file.c \
	%D%/cred_find.c \
	%D%/cred_impersonated.c \
	%D%/cred_metadata.c \
	%D%/cred_service_account.c \
	%D%/cred_token.c \
	%D%/cred_user.c \
	%D%/guard.c %D%/guard.h \
	%D%/impersonate.c %D%/impersonate.h \
	%D%/jwt.c %D%/jwt.h \
	%D%/reply.c %D%/reply.h \
	%D%/subject.c %D%/subject.h \
	%D%/token.c %D%/token.h
