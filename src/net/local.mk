noinst_LIBRARIES += libnet.a
libnet_a_SOURCES = \
	%D%/client.c %D%/client.h \
	%D%/date.c %D%/date.h \
	%D%/echo.c %D%/echo.h \
	%D%/files.c %D%/files.h \
	%D%/head.c %D%/head.h \
	%D%/library.c %D%/library.h \
	%D%/multi.c %D%/multi.h \
	%D%/outage.c %D%/outage.h \
	%D%/outcome.c %D%/outcome.h \
	%D%/pace.c %D%/pace.h \
	%D%/retry.c %D%/retry.h \
	%D%/tls.c %D%/tls.h \
	%D%/transfer.c %D%/transfer.h \
	%D%/url.c %D%/url.h \
	%D%/width.c %D%/width.h
