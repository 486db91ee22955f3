/* SPDX-License-Identifier: MIT */
/*
 * curl has one code for a certificate that is not to be trusted and for a
 * connection that broke while hands were shaken, and one for a broken tunnel and
 * a broken answer.  The first of each pair must not be tried again, or has sent
 * nothing, so they are told apart here, by curl's own line where nothing else
 * does.
 */
#include "src/net/outcome.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "src/base/str.h"
#include "src/net/transfer.h"
#include "src/net/url.h"

/* Is a failed handshake the network's fault, or the server's for now?  curl says
 * these when it was the socket that failed, and not TLS. */
static bool
is_broken_handshake(const struct transfer *t)
{
	static const char *const signs[] = { "SSL_connect:", "Recv failure:",
		"Send failure:", "unexpected eof", "alert internal error" };
	size_t i;

	for (i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		if (strstr(t->curl_says, signs[i]) != NULL)
			return true;
	}
	return false;
}

/* A proxy may refuse the tunnel, and may go away while it makes it. */
static bool
is_tunnel_refused(const struct transfer *t, CURLcode code)
{
	return t->sends == 0 &&
	    (code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING ||
		code == CURLE_SEND_ERROR || code == CURLE_PROXY);
}

static enum http_outcome
judge(const struct transfer *t, CURLcode code)
{
	if (t->is_stale)
		return HTTP_LOST;
	if (is_tunnel_refused(t, code))
		return HTTP_REFUSED;
	switch (code) {
	case CURLE_OK:
		/* To curl a head without its end is an answer too. */
		return t->head.has_ended ? HTTP_ANSWERED : HTTP_LOST;
	case CURLE_COULDNT_CONNECT:
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		return HTTP_REFUSED;
	case CURLE_SSL_CONNECT_ERROR:
		return is_broken_handshake(t) ? HTTP_REFUSED : HTTP_UNTRUSTED;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
		return HTTP_UNTRUSTED;
	case CURLE_UNSUPPORTED_PROTOCOL: /* HTTP/0.9 */
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_BAD_CONTENT_ENCODING:
	case CURLE_URL_MALFORMAT:
		return HTTP_MALFORMED;
	case CURLE_WRITE_ERROR:
	case CURLE_FILESIZE_EXCEEDED:
		return t->is_over_limit ? HTTP_TOO_LARGE : HTTP_MALFORMED;
	default:
		/* Failed sends and receives, an answer that stops short, and
		 * our own refusal to send a second time. */
		return HTTP_LOST;
	}
}

/* curl names whom it could not connect to: the server, or else its proxy.  Only
 * https goes by one. */
static bool
is_proxy_missed(const struct transfer *t, const char *url)
{
	static const char begin[] = "Failed to connect to ", then[] = " port ";
	const char *said = t->curl_says, *host, *port;
	size_t n;

	if (!t->is_by_proxy || !str_starts(said, begin) ||
	    (host = url_host(url, &n)) == NULL)
		return false;
	said += strlen(begin);
	if (strncasecmp(said, host, n) != 0 || !str_starts(said + n, then))
		return true;
	port = host + n + (host[n] == ']');
	port = *port == ':' ? port + 1 : "443";
	return strtoul(said + n + strlen(then), NULL, 10) !=
	    strtoul(port, NULL, 10);
}

/* Of a proxy nothing is quoted but what it did: its URL may hold a password. */
static void
explain_refused(const struct transfer *t, const char *url, char *detail,
    size_t size, CURLcode code)
{
	long os = 0, proxy = 0;

	curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &os);
	curl_easy_getinfo(t->easy, CURLINFO_HTTP_CONNECTCODE, &proxy);
	if (proxy / 100 > 2)
		snprintf(detail, size, "the proxy refused the tunnel: %ld",
		    proxy);
	else if (is_tunnel_refused(t, code))
		snprintf(detail, size, "the proxy made no tunnel: %.80s",
		    t->curl_says);
	else if (code == CURLE_COULDNT_RESOLVE_PROXY)
		snprintf(detail, size, "the proxy's name is not known");
	else if (str_starts(t->curl_says, "Unsupported proxy"))
		snprintf(detail, size,
		    "the proxy is of a kind that curl does not know");
	else if (code == CURLE_SSL_CONNECT_ERROR)
		snprintf(detail, size,
		    "the connection broke within the TLS "
		    "handshake");
	else
		snprintf(detail, size, "%s%s",
		    is_proxy_missed(t, url) ? "no connection to the proxy: "
					    : "",
		    os != 0 ? strerror((int)os) : curl_easy_strerror(code));
}

static void
explain_untrusted(const struct transfer *t, char *detail, size_t size,
    CURLcode code)
{
	if (code == CURLE_SSL_CACERT_BADFILE)
		snprintf(detail, size, "no certificates can be read from %s",
		    t->ca_file);
	else if (strstr(t->curl_says, "wrong version number") != NULL)
		snprintf(detail, size,
		    "not a server to trust: it speaks no TLS");
	else
		snprintf(detail, size, "not a server to trust: %.100s",
		    t->curl_says[0] != '\0' ? t->curl_says
					    : curl_easy_strerror(code));
}

static void
explain_malformed(const struct transfer *t, char *detail, size_t size,
    CURLcode code)
{
	snprintf(detail, size, "the answer is not HTTP/1.1: %.80s",
	    t->head.fault         ? t->head.fault
		: t->curl_says[0] ? t->curl_says
				  : curl_easy_strerror(code));
}

static const char *
explain_lost(const struct transfer *t)
{
	if (t->is_stale)
		return "the connection held an answer to nothing";
	return t->head_bytes != 0 ? "the connection broke within the answer"
				  : "the connection broke before an answer "
				    "came";
}

void
outcome_settle(const struct transfer *t, struct http_request *req,
    CURLcode code)
{
	char *detail = req->detail;
	size_t size = sizeof(req->detail);

	req->outcome = judge(t, code);
	detail[0] = '\0';
	switch (req->outcome) {
	case HTTP_REFUSED:
		explain_refused(t, req->url, detail, size, code);
		break;
	case HTTP_UNTRUSTED:
		explain_untrusted(t, detail, size, code);
		break;
	case HTTP_LOST:
		snprintf(detail, size, "%s", explain_lost(t));
		break;
	case HTTP_MALFORMED:
		explain_malformed(t, detail, size, code);
		break;
	case HTTP_TOO_LARGE:
		if (t->head_bytes > TRANSFER_HEAD_MAX)
			snprintf(detail, size,
			    "the answer's head is over %d bytes",
			    TRANSFER_HEAD_MAX);
		else
			snprintf(detail, size, "the answer is over %zu bytes",
			    req->max_content);
		break;
	case HTTP_ANSWERED:
	case HTTP_TIMEOUT:
	case HTTP_UNSAFE:
	case HTTP_CANCELLED:
		break;
	}
}
