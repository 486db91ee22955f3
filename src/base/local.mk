noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	%D%/arena.c %D%/arena.h \
	%D%/buf.c %D%/buf.h \
	%D%/err.c %D%/err.h \
	%D%/file.c %D%/file.h \
	%D%/hist.c %D%/hist.h \
	%D%/hmap.c %D%/hmap.h \
	%D%/loop.c %D%/loop.h \
	%D%/mailbox.c %D%/mailbox.h \
	%D%/mem.c %D%/mem.h \
	%D%/near.c %D%/near.h \
	%D%/opt.c %D%/opt.h \
	%D%/opt_assign.c %D%/opt_assign.h \
	%D%/opt_env.c %D%/opt_help.c %D%/opt_near.c \
	%D%/opt_priv.h %D%/opt_value.c \
	%D%/rng.c %D%/rng.h \
	%D%/start.c %D%/start.h \
	%D%/str.c %D%/str.h \
	%D%/vec.h
