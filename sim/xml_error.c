/* SPDX-License-Identifier: MIT */
/* Codes and messages as production has them; where it has been heard to say
 * nothing, as the API that it is made after. */
#include "sim/xml_error.h"

#include <stdbool.h>
#include <string.h>

#include "sim/http.h"
#include "sim/reply.h"
#include "sim/xml_out.h"
#include "src/base/str.h"

const char xml_type[] = "application/xml; charset=UTF-8";

static const struct {
	int status;
	const char *code;
	const char *message;
} errors[] = {
	[XML_ACCESS_DENIED] = { 403, "AccessDenied", "Access denied." },
	[XML_AUTHENTICATION_REQUIRED] = { 401, "AuthenticationRequired",
	    "Authentication required." },
	[XML_BAD_DIGEST] = { 400, "BadDigest",
	    "The checksum you specified did not match what we received." },
	[XML_BUCKET_EXISTS] = { 409, "BucketAlreadyOwnedByYou",
	    "Your previous request to create the named bucket succeeded and "
	    "you already own it." },
	[XML_BUCKET_NOT_EMPTY] = { 409, "BucketNotEmpty",
	    "The bucket you tried to delete is not empty." },
	[XML_INTERNAL_ERROR] = { 500, "InternalError",
	    "We encountered an internal error. Please try again." },
	[XML_INVALID_ARGUMENT] = { 400, "InvalidArgument",
	    "Invalid argument." },
	[XML_INVALID_BUCKET_NAME] = { 400, "InvalidBucketName",
	    "The specified bucket is not valid." },
	[XML_INVALID_DIGEST] = { 400, "InvalidDigest",
	    "The Content-MD5 you specified was invalid." },
	[XML_INVALID_PART] = { 400, "InvalidPart",
	    "One or more of the specified parts could not be found." },
	[XML_INVALID_PART_ORDER] = { 400, "InvalidPartOrder",
	    "The list of parts was not in ascending order." },
	[XML_INVALID_RANGE] = { 416, "InvalidRange",
	    "The requested range cannot be satisfied." },
	[XML_MALFORMED_XML] = { 400, "MalformedXML",
	    "The XML you provided was not well-formed or did not validate "
	    "against our published schema." },
	[XML_METADATA_TOO_LARGE] = { 400, "MetadataTooLarge",
	    "Your metadata headers exceed the maximum allowed metadata "
	    "size." },
	[XML_METHOD_NOT_ALLOWED] = { 405, "MethodNotAllowed",
	    "The specified method is not allowed against this resource." },
	[XML_NO_SUCH_BUCKET] = { 404, "NoSuchBucket",
	    "The specified bucket does not exist." },
	[XML_NO_SUCH_KEY] = { 404, "NoSuchKey",
	    "The specified key does not exist." },
	[XML_NO_SUCH_UPLOAD] = { 404, "NoSuchUpload",
	    "The requested upload was not found." },
	[XML_NOT_IMPLEMENTED] = { 501, "NotImplemented",
	    "A header or query you provided requested a function that is not "
	    "implemented." },
	[XML_PART_TOO_SMALL] = { 400, "EntityTooSmall",
	    "Your proposed upload is smaller than the minimum allowed "
	    "object size." },
	[XML_PRECONDITION_FAILED] = { 412, "PreconditionFailed",
	    "At least one of the pre-conditions you specified did not hold." },
	[XML_RETENTION] = { 403, "RetentionPolicyNotMet",
	    "Object overwrite or deletion is not allowed due to retention "
	    "policy." },
	[XML_SLOW_DOWN] = { 429, "SlowDown",
	    "Please reduce your request rate." },
	[XML_UNAVAILABLE] = { 503, "ServiceUnavailable",
	    "Service unavailable. Please try again." },
	[XML_UNDER_HOLD] = { 403, "ObjectUnderActiveHold",
	    "Object overwrite or deletion is not allowed due to an active "
	    "hold on the object." },
};

void
xml_error_add(enum xml_error e, struct xml_out *w)
{
	xml_str(w, "Code", errors[e].code);
	xml_str(w, "Message", errors[e].message);
}

void
xml_error(struct reply *r, enum xml_error e, const char *details, size_t n)
{
	struct xml_out w;

	reply_clear(r, r->pretty);
	r->status = errors[e].status;
	r->type = xml_type;
	xml_init(&w, &r->body, "Error", NULL);
	xml_error_add(e, &w);
	if (n > 0)
		xml_text(&w, "Details", details, n);
	xml_end(&w);
}

/* By what the JSON API tells its own clients with. */
static enum xml_error
find_like(int status, const char *reason, const char *text)
{
	switch (status) {
	case 401:
		return XML_AUTHENTICATION_REQUIRED;
	case 403:
		if (strcmp(reason, "retentionPolicyNotMet") == 0)
			return XML_RETENTION;
		return strstr(text, " hold and cannot be ") != NULL
		    ? XML_UNDER_HOLD
		    : XML_ACCESS_DENIED;
	case 404:
		return str_starts(text, "No such object: ")
		    ? XML_NO_SUCH_KEY
		    : XML_NO_SUCH_BUCKET;
	case 405:
		return XML_METHOD_NOT_ALLOWED;
	case 412:
		return XML_PRECONDITION_FAILED;
	case 416:
		return XML_INVALID_RANGE;
	case 429:
		return XML_SLOW_DOWN;
	case 501:
		return XML_NOT_IMPLEMENTED;
	case 503:
		return XML_UNAVAILABLE;
	}
	return status >= 500 ? XML_INTERNAL_ERROR : XML_INVALID_ARGUMENT;
}

/* Faults may have any status, also one that belongs to no code. */
void
xml_error_like(struct reply *r, int status, const char *reason,
    const char *text, size_t n)
{
	enum xml_error e = find_like(status, reason, text);

	bool is_said = e == XML_NO_SUCH_BUCKET ||
	    str_is(text, n, errors[e].message);

	xml_error(r, e, text, is_said ? 0 : n);
	r->status = status;
}

void
xml_error_about(struct reply *r, enum xml_error e, const char *before,
    const char *bucket, const char *name, size_t n, const char *after)
{
	struct buf text;

	buf_init(&text, 2 * HTTP_MAX_HEAD);
	buf_adds(&text, before);
	buf_adds(&text, bucket);
	buf_addc(&text, '/');
	buf_add(&text, name, n);
	buf_adds(&text, after);
	xml_error(r, e, text.data, text.len);
	buf_release(&text);
}
