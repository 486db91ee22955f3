/* SPDX-License-Identifier: MIT */
/* How findings are made, and those on permissions and on the way there. */
#include "src/cli/doctor.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *
finding_level_name(enum finding_level level)
{
	static const char *const names[] = { "ok", "warn", "fail" };

	return names[level];
}

void
finding_set(struct finding *f, enum finding_level level, const char *format,
    ...)
{
	va_list args;

	f->level = level;
	va_start(args, format);
	vsnprintf(f->text, sizeof(f->text), format, args);
	va_end(args);
}

void
finding_advise(struct finding *f, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(f->advice, sizeof(f->advice), format, args);
	va_end(args);
}

void
finding_fail(struct finding *f, const struct err *err)
{
	f->code = err->code;
	finding_set(f, FINDING_FAIL, "%s", err->text);
}

/* --- permissions --- */

/* The roles are the smallest of Google's own that hold the permission and can
 * be granted on a bucket. */
static const struct permission {
	const char *what_for;
	const char *role;
	bool is_required;
} permissions[DOCTOR_PERMISSIONS] = {
	{ "to list the registry", "roles/storage.objectViewer", true },
	{ "to read manifests and links", "roles/storage.objectViewer", true },
	{ "to delete what nothing reaches", "roles/storage.objectUser", true },
	{ "to put objects back", "roles/storage.objectUser", false },
	{ "to restore what was soft-deleted", "roles/storage.objectUser",
	    false },
	{ "to see the bucket's policies", "roles/storage.legacyBucketReader",
	    false },
};

const char *const doctor_permissions[DOCTOR_PERMISSIONS] = {
	"storage.objects.list",
	"storage.objects.get",
	"storage.objects.delete",
	"storage.objects.create",
	"storage.objects.restore",
	"storage.buckets.get",
};

void
doctor_permission(size_t i, bool has, const char *bucket, const char *member,
    struct finding *f)
{
	const struct permission *p = &permissions[i];

	*f = (struct finding){ .what = doctor_permissions[i] };
	if (has) {
		finding_set(f, FINDING_OK, "granted, %s", p->what_for);
		return;
	}
	f->code = ERR_DENIED;
	finding_set(f, p->is_required ? FINDING_FAIL : FINDING_WARN,
	    "not granted; it is needed %s%s", p->what_for,
	    p->is_required ? "" : ", and gc works without it");
	finding_advise(f,
	    "gcloud storage buckets add-iam-policy-binding gs://%s "
	    "--member=%s --role=%s",
	    bucket, member != NULL ? member : "MEMBER", p->role);
}

/* --- the way there --- */

/* Google refuses assertions that are minutes off; what is a little off works,
 * but says that nobody looks after the clock.  Dates have whole seconds. */
enum { SKEW_WARN_S = 30, SKEW_FAIL_S = 300 };

void
doctor_clock(uint64_t server_s, uint64_t our_us, struct finding *f)
{
	uint64_t our_s = our_us / 1000000;
	uint64_t off = server_s > our_s ? server_s - our_s : our_s - server_s;

	*f = (struct finding){ .what = "clock", .code = ERR_CONFIG };
	if (server_s == 0) {
		finding_set(f, FINDING_WARN, "the server told no date");
		return;
	}
	if (off <= SKEW_WARN_S) {
		finding_set(f, FINDING_OK, "within %d s of the server's",
		    SKEW_WARN_S);
		return;
	}
	finding_set(f, off > SKEW_FAIL_S ? FINDING_FAIL : FINDING_WARN,
	    "%" PRIu64 " s %s the server's%s", off,
	    server_s > our_s ? "behind" : "ahead of",
	    off > SKEW_FAIL_S ? ", so that tokens are refused" : "");
	finding_advise(f, "set it, and have it kept by NTP");
}

static int
compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* What a bucket takes from the start ([doc] request-rate). */
enum { WRITES_A_SECOND = 1000 };

void
doctor_latency(uint64_t *took_us, size_t n, struct finding *f)
{
	double ms, width;

	qsort(took_us, n, sizeof(*took_us), compare);
	ms = (double)took_us[n / 2] / 1e3;
	width = ms * WRITES_A_SECOND / 1e3;
	*f = (struct finding){ .what = "latency" };
	finding_set(f, FINDING_OK,
	    "median %.1f ms of %zu reads; 1000 deletes take %.2f s one at a "
	    "time, and %.2f s at the %d a second that a bucket takes at "
	    "first, which is %.0f in flight",
	    ms, n, ms, 1 + ms / 1e3, WRITES_A_SECOND,
	    width < 1 ? 1 : width + 0.5);
}

/* --- credentials --- */

void
doctor_add_losers(const struct doctor_candidate *c, size_t n, struct finding *f)
{
	const char *before = "; passed over: ";
	size_t len = strlen(f->text), i = 0;

	while (i < n && !c[i].is_there)
		i++;
	for (i++; i < n && len < sizeof(f->text); i++) {
		if (!c[i].is_there)
			continue;
		snprintf(f->text + len, sizeof(f->text) - len, "%s%s", before,
		    c[i].name);
		len = strlen(f->text);
		before = ", ";
	}
}
