noinst_LIBRARIES += libregistry.a
libregistry_a_SOURCES = \
	%D%/cache.h \
	%D%/digest.c %D%/digest.h \
	%D%/gc.c %D%/gc.h \
	%D%/graph.c %D%/graph.h \
	%D%/guards.c %D%/guards.h \
	%D%/inventory.c %D%/inventory.h \
	%D%/listing.c %D%/listing.h \
	%D%/manifest.c %D%/manifest.h \
	%D%/mark.c %D%/mark.h %D%/mark_priv.h \
	%D%/mark_list.c %D%/mark_read.c %D%/mark_tags.c \
	%D%/node.h \
	%D%/order.c %D%/order.h \
	%D%/paths.c %D%/paths.h \
	%D%/plan.c %D%/plan.h \
	%D%/plan_file.h \
	%D%/roots.c %D%/roots.h \
	%D%/sweep.c %D%/sweep.h \
	%D%/walk_cost.c %D%/walk_cost.h
