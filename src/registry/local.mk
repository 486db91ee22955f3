noinst_LIBRARIES += libregistry.a
libregistry_a_SOURCES = \
	%D%/byname.c %D%/byname.h \
	%D%/cache.h \
	%D%/digest.c %D%/digest.h \
	%D%/explain.c %D%/explain.h %D%/explain_question.c \
	%D%/facts.c %D%/facts.h \
	%D%/gc.c %D%/gc.h \
	%D%/graph.c %D%/graph.h \
	%D%/guards.c %D%/guards.h \
	%D%/inventory.c %D%/inventory.h \
	%D%/listing.c %D%/listing.h \
	%D%/manifest.c %D%/manifest.h \
	%D%/mark.c %D%/mark.h %D%/mark_priv.h \
	%D%/mark_list.c %D%/mark_manifest.c %D%/mark_read.c \
	%D%/mark_tags.c \
	%D%/namers.c %D%/namers.h \
	%D%/node.h \
	%D%/order.c %D%/order.h \
	%D%/paths.c %D%/paths.h \
	%D%/plan.c %D%/plan.h \
	%D%/plan_file.h \
	%D%/plan_head.c \
	%D%/ranges.c %D%/ranges.h \
	%D%/roots.c %D%/roots.h \
	%D%/sweep.c %D%/sweep.h \
	%D%/usage.c %D%/usage.h \
	%D%/verify.c %D%/verify.h \
	%D%/walk_cost.c %D%/walk_cost.h
if HAVE_SQLITE
libregistry_a_SOURCES += \
	%D%/cache.c %D%/cache_priv.h \
	%D%/cache_file.c \
	%D%/plan_file.c %D%/plan_file_priv.h \
	%D%/plan_file_db.c \
	%D%/plan_file_entry.c %D%/plan_file_entry.h \
	%D%/plan_file_head.c \
	%D%/plan_file_journal.c \
	%D%/plan_file_place.c \
	%D%/plan_file_read.c \
	%D%/plan_file_resume.c \
	%D%/plan_file_seal.c \
	%D%/plan_file_write.c
else
libregistry_a_SOURCES += %D%/cache_none.c %D%/plan_file_none.c
endif
