/* SPDX-License-Identifier: MIT */
/* Findings on the bucket's policies: what a sweep frees, and when. */
#include "src/cli/doctor.h"

#include <inttypes.h>
#include <stdio.h>

/* "7 days", "90 minutes": policies are set in days, but count seconds. */
enum { SPAN_MAX = 32 };

static const char *
format_span(char out[SPAN_MAX], uint64_t s)
{
	static const struct {
		uint64_t seconds;
		const char *name;
	} units[] = { { 86400, "day" }, { 3600, "hour" }, { 60, "minute" },
		{ 1, "second" } };
	size_t i = 0;

	while (s % units[i].seconds != 0)
		i++;
	snprintf(out, SPAN_MAX, "%" PRIu64 " %s%s", s / units[i].seconds,
	    units[i].name, s == units[i].seconds ? "" : "s");
	return out;
}

static void
judge_soft_delete(const struct gcs_bucket *b, const char *bucket,
    struct finding *f)
{
	char span[SPAN_MAX];

	f->what = "soft delete";
	if (b->soft_delete_s == 0) {
		finding_set(f, FINDING_OK,
		    "off: a sweep frees space at once, and nothing of it can "
		    "be restored");
		return;
	}
	format_span(span, b->soft_delete_s);
	finding_set(f, FINDING_WARN,
	    "on: what is deleted can be restored for %s and is billed until "
	    "then, so a sweep frees no money for %s",
	    span, span);
	finding_advise(f,
	    "keep it as a safety net, or turn it off before the sweep: gcloud "
	    "storage buckets update gs://%s --clear-soft-delete",
	    bucket);
}

static void
judge_versioning(const struct gcs_bucket *b, const char *bucket,
    struct finding *f)
{
	f->what = "versioning";
	if (!b->has_versioning) {
		finding_set(f, FINDING_OK, "off");
		return;
	}
	finding_set(f, FINDING_WARN,
	    "on: what is deleted stays as a noncurrent version and is billed, "
	    "until a lifecycle rule takes it");
	finding_advise(f,
	    "gcloud storage buckets update gs://%s --no-versioning, or a rule "
	    "with daysSinceNoncurrentTime",
	    bucket);
}

static void
judge_retention(const struct gcs_bucket *b, const char *bucket,
    struct finding *f)
{
	char span[SPAN_MAX];

	f->what = "retention";
	if (b->retention_s != 0) {
		finding_set(f, FINDING_WARN,
		    "objects younger than %s cannot be deleted: a sweep "
		    "reports them as held, and a later one takes them%s",
		    format_span(span, b->retention_s),
		    b->is_retention_locked ? " (locked for good)" : "");
		if (!b->is_retention_locked)
			finding_advise(f,
			    "gcloud storage buckets update gs://%s "
			    "--clear-retention-period",
			    bucket);
		return;
	}
	if (b->has_object_retention)
		finding_set(f, FINDING_WARN,
		    "objects may have retention of their own: a sweep reports "
		    "those as held");
	else
		finding_set(f, FINDING_OK, "none");
}

static void
judge_holds(const struct gcs_bucket *b, const char *bucket, struct finding *f)
{
	f->what = "holds";
	if (!b->has_default_hold) {
		finding_set(f, FINDING_OK, "none by default");
		return;
	}
	finding_set(f, FINDING_WARN,
	    "new objects are born under an event-based hold, and cannot be "
	    "deleted before it is released");
	finding_advise(f,
	    "gcloud storage buckets update gs://%s "
	    "--no-default-event-based-hold, and release what is held",
	    bucket);
}

static void
judge_kind(const struct gcs_bucket *b, const char *bucket, struct finding *f)
{
	(void)bucket;
	f->what = "bucket";
	finding_set(f, FINDING_OK, "%s%s%s%s, %s, access is %s%s",
	    b->location[0] != '\0' ? b->location : "of unknown location",
	    b->location_type[0] != '\0' ? " (" : "", b->location_type,
	    b->location_type[0] != '\0' ? ")" : "",
	    b->storage_class[0] != '\0' ? b->storage_class : "of unknown class",
	    b->is_uniform ? "uniform" : "also by lists of its objects",
	    b->is_requester_pays ? ", the requester pays" : "");
}

void
doctor_policy(size_t i, const struct gcs_bucket *b, const char *bucket,
    struct finding *f)
{
	static void (*const judges[DOCTOR_POLICIES])(const struct gcs_bucket *,
	    const char *, struct finding *) = { judge_soft_delete,
		judge_versioning, judge_retention, judge_holds, judge_kind };

	*f = (struct finding){ .code = ERR_NONE };
	judges[i](b, bucket, f);
}
