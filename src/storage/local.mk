noinst_LIBRARIES += libstorage.a
libstorage_a_SOURCES = \
	%D%/answer.h \
	%D%/delete_files.c %D%/delete_files.h \
	%D%/delete_path.c %D%/delete_path.h \
	%D%/dryrun.c %D%/dryrun.h \
	%D%/faulty.c %D%/faulty.h \
	%D%/mem_store.c %D%/mem_store.h \
	%D%/page.h \
	%D%/storage.c %D%/storage.h \
	%D%/tally.c %D%/tally.h
