noinst_LIBRARIES += libgcs.a
libgcs_a_SOURCES = \
	%D%/ask.c %D%/ask.h \
	%D%/bucket.c %D%/bucket.h \
	%D%/call.c \
	%D%/download.c %D%/download.h \
	%D%/excuse.c %D%/excuse.h \
	%D%/flow.c \
	%D%/gcs.c %D%/gcs.h %D%/gcs_priv.h \
	%D%/json.c %D%/json.h \
	%D%/md5.c %D%/md5.h \
	%D%/page.c %D%/page.h \
	%D%/request.c %D%/request.h \
	%D%/stamp.c %D%/stamp.h \
	%D%/upload.c %D%/upload.h \
	%D%/verdict.c %D%/verdict.h
