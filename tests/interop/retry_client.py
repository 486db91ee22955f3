# SPDX-License-Identifier: MIT
"""A client that retries as Google documents it, held to the scenarios of the
client libraries' retry conformance tests: retry_client.py.  SIM_URL is the
simulator.  One line for each scenario and method, `ok - WHAT` or `not ok -
WHAT`, and the reason behind `#`."""

import http.client
import itertools
import json
import os
import traceback
import urllib.parse

HOST = urllib.parse.urlsplit(os.environ["SIM_URL"]).netloc
RETRIES = 3
RETRYABLE = {408, 429, 500, 502, 503, 504}
KIB = 1024
FILE = bytes(i * 7 % 251 for i in range(512 * KIB))
BIG = FILE * 18 + b"end"
CHUNK = 2048 * KIB
PRODUCTION = "storage.googleapis.com"  # where the XML API is
serial = itertools.count()
failures = 0


class Refused(Exception):
    """An answer that no retry makes better, or none at all."""


class Broken(Exception):
    """The answer ended too early; what came of it is the argument."""


# --- one request, and one that is retried ---


class Client:
    """Sends each request under a retry test, and counts them."""

    def __init__(self, test=None):
        self.test = test
        self.sent = 0
        self.connection = None

    def send(self, method, target, body=None, headers=()):
        """One attempt: status, headers and body; OSError or HTTPException when
        it fails on the way."""
        if isinstance(body, dict):
            body = json.dumps(body).encode()
        headers = dict(headers)
        if self.test:
            headers["x-retry-test-id"] = self.test
        self.sent += 1
        if self.connection is None:
            self.connection = http.client.HTTPConnection(HOST, timeout=60)
        try:
            self.connection.request(method, target, body, headers)
            answer = self.connection.getresponse()
            content = answer.read()
        except http.client.IncompleteRead as err:
            self.close()
            raise Broken(err.partial) from err
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        if answer.will_close:
            self.close()
        return answer.status, answer.headers, content

    def close(self):
        self.connection.close()
        self.connection = None

    def call(self, method, target, body=None, headers=(), idempotent=True):
        """A request that is sent again while that may help and may be done."""
        for left in reversed(range(RETRIES + 1)):
            try:
                status, head, content = self.send(method, target, body,
                                                  headers)
            except (OSError, http.client.HTTPException) as err:
                if left == 0 or not idempotent:
                    raise Refused(repr(err)) from err
                continue
            if status < 300 or status == 308:
                return status, head, content
            if left == 0 or status not in RETRYABLE or not idempotent:
                raise Refused("%s %s: %d %r" % (method, target, status,
                                                content[:200]))

    def json(self, *args, **options):
        content = self.call(*args, **options)[2]
        return json.loads(content) if content else None

    def upload(self, bucket, name, data, query):
        """In a session, in chunks; asks what is held after each failure."""
        head = self.call("POST", "/upload/storage/v1/b/%s/o?uploadType="
                         "resumable&name=%s%s" % (bucket, name, query),
                         b"")[1]
        session = head["Location"].split(HOST, 1)[1]
        offset, tries, total = 0, 0, len(data)
        while True:
            chunk = data[offset:offset + CHUNK]
            last = offset + len(chunk) - 1
            try:
                status, head, content = self.send(
                    "PUT", session, chunk,
                    {"Content-Range": "bytes %d-%d/%d" % (offset, last, total)})
                if status not in RETRYABLE | {200, 308}:
                    raise Refused("upload: %d" % status)
            except OSError:
                status = 0
            if status == 200:
                return json.loads(content)
            if status != 308:
                tries += 1
                if tries > RETRIES:
                    raise Refused("upload: %d" % status)
                head, done = self.ask_session(session, total)
                if done:
                    return done
            held = head["Range"]
            offset = int(held.split("-")[1]) + 1 if held else 0

    def ask_session(self, session, total):
        status, head, content = self.call(
            "PUT", session, b"", {"Content-Range": "bytes */%d" % total})
        return head, json.loads(content) if status == 200 else None

    def download(self, bucket, name):
        """Goes on where a stream broke, with the version that it began with."""
        data, generation = b"", None
        for _ in range(RETRIES + 1):
            target = "/download/storage/v1/b/%s/o/%s?alt=media" % (bucket, name)
            headers = {}
            if data:
                target += "&generation=%s" % generation
                headers["Range"] = "bytes=%d-" % len(data)
            else:
                generation = plain.json("GET", "/storage/v1/b/%s/o/%s" % (
                    bucket, name))["generation"]
            try:
                status, _, content = self.send("GET", target, None, headers)
            except Broken as err:
                data += err.args[0]
                continue
            if status not in (200, 206):
                raise Refused("download: %d" % status)
            return data + content
        raise Refused("download: it broke too often")


plain = Client()


# --- what there is to call ---


class Scene:
    """A bucket with an object, and all else that methods are about."""

    def __init__(self):
        self.bucket = "retry-%d" % next(serial)
        self.b = "/storage/v1/b/%s" % self.bucket
        self.o = self.b + "/o/file"
        self.keys = "/storage/v1/projects/p/hmacKeys"
        plain.json("POST", "/storage/v1/b?project=p", {
            "name": self.bucket, "softDeletePolicy": {
                "retentionDurationSeconds": "0"}})
        self.object = plain.json("POST", "/upload" + self.b +
                                 "/o?uploadType=media&name=file", FILE)

    def empty(self):
        plain.call("DELETE", self.o)

    def acl(self, path):
        plain.json("POST", path, {"entity": "allUsers", "role": "READER"})
        return path + "/allUsers"

    def notification(self):
        made = plain.json("POST", self.b + "/notificationConfigs", TOPIC)
        return "%s/notificationConfigs/%s" % (self.b, made["id"])

    def key(self, state="ACTIVE"):
        made = plain.json("POST", self.keys + "?serviceAccountEmail=a@b.c", b"")
        path = "%s/%s" % (self.keys, made["metadata"]["accessId"])
        return path, plain.json("PUT", path, {"state": state})["etag"]

    def match(self, present):
        """The condition on the object that is there, if there shall be one."""
        return "?ifGenerationMatch=" + self.object["generation"] \
            if present else ""

    def is_new(self, present, separator="&"):
        return separator + "ifGenerationMatch=0" if present else ""

    def meta(self, present):
        bucket = plain.json("GET", self.b)
        return "?ifMetagenerationMatch=" + bucket["metageneration"] \
            if present else ""


TOPIC = {"topic": "//pubsub.googleapis.com/projects/p/topics/t",
         "payload_format": "NONE"}


def get(path):
    """A method that is a GET of what path(scene) says."""
    def prepare(s, _):
        target = path(s)
        return lambda c: c.call("GET", target)
    return prepare


def bucket_insert(s, _):
    return lambda c: c.json("POST", "/storage/v1/b?project=p",
                            {"name": s.bucket + "-new"})


def bucket_delete(s, _):
    s.empty()
    return lambda c: c.call("DELETE", s.b)


def bucket_lock(s, _):
    made = plain.json("PATCH", s.b, {"retentionPolicy": {
        "retentionPeriod": "1"}})
    return lambda c: c.json("POST", s.b + "/lockRetentionPolicy?"
                            "ifMetagenerationMatch=" + made["metageneration"],
                            b"")


def key_delete(s, _):
    path = s.key("INACTIVE")[0]
    return lambda c: c.call("DELETE", path)


def notification_delete(s, _):
    path = s.notification()
    return lambda c: c.call("DELETE", path)


ALWAYS = {
    "storage.bucket_acl.get": get(lambda s: s.acl(s.b + "/acl")),
    "storage.bucket_acl.list": get(lambda s: s.b + "/acl"),
    "storage.buckets.delete": bucket_delete,
    "storage.buckets.get": get(lambda s: s.b),
    "storage.buckets.getIamPolicy": get(lambda s: s.b + "/iam"),
    "storage.buckets.insert": bucket_insert,
    "storage.buckets.list": get(lambda s: "/storage/v1/b?project=p"),
    "storage.buckets.lockRetentionPolicy": bucket_lock,
    "storage.buckets.testIamPermissions": get(
        lambda s: s.b + "/iam/testPermissions?permissions=storage.objects.get"),
    "storage.default_object_acl.get": get(
        lambda s: s.acl(s.b + "/defaultObjectAcl")),
    "storage.default_object_acl.list": get(lambda s: s.b + "/defaultObjectAcl"),
    "storage.hmacKey.delete": key_delete,
    "storage.hmacKey.get": get(lambda s: s.key()[0]),
    "storage.hmacKey.list": get(lambda s: s.keys),
    "storage.notifications.delete": notification_delete,
    "storage.notifications.get": get(Scene.notification),
    "storage.notifications.list": get(lambda s: s.b + "/notificationConfigs"),
    "storage.object_acl.get": get(lambda s: s.acl(s.o + "/acl")),
    "storage.object_acl.list": get(lambda s: s.o + "/acl"),
    "storage.objects.get": get(lambda s: s.o),
    "storage.objects.list": get(lambda s: s.b + "/o"),
    "storage.serviceaccount.get": get(
        lambda s: "/storage/v1/projects/p/serviceAccount"),
}


def change(method, target, body, query):
    """A request whose condition, if it has one, is in its query."""
    def prepare(s, present):
        path = target(s) + query(s, present)
        return lambda c: c.call(method, path, body, idempotent=present)
    return prepare


def object_change(method, body):
    return change(method, lambda s: s.o, body, Scene.match)


def target_change(tail, body):
    """A POST that makes the object `new`; BUCKET in its path is the bucket."""
    return change("POST", lambda s: s.b + tail.replace("BUCKET", s.bucket),
                  body, lambda s, present: s.is_new(present, "?"))


def tagged(method, target, body, etag):
    """A request whose condition is the etag in its body."""
    def prepare(s, present):
        path = target(s)
        sent = dict(body, etag=etag(s, path)) if present else dict(body)
        return lambda c: c.call(method, path, sent, idempotent=present)
    return prepare


def tag_of(s, path):
    return plain.json("GET", path)["etag"]


CONDITIONAL = {
    "storage.buckets.patch": change("PATCH", lambda s: s.b, {"labels": {}},
                                    Scene.meta),
    "storage.buckets.setIamPolicy": tagged(
        "PUT", lambda s: s.b + "/iam", {"bindings": []}, tag_of),
    "storage.buckets.update": change("PUT", lambda s: s.b, {"labels": {}},
                                     Scene.meta),
    "storage.hmacKey.update": tagged(
        "PUT", lambda s: s.key()[0], {"state": "INACTIVE"}, tag_of),
    "storage.objects.compose": target_change(
        "/o/new/compose", {"sourceObjects": [{"name": "file"}]}),
    "storage.objects.copy": target_change("/o/file/copyTo/b/BUCKET/o/new", b""),
    "storage.objects.delete": object_change("DELETE", None),
    "storage.objects.insert": change(
        "POST", lambda s: "/upload" + s.b + "/o?uploadType=media&name=new",
        FILE, Scene.is_new),
    "storage.objects.patch": object_change("PATCH", {"metadata": {}}),
    "storage.objects.rewrite": target_change(
        "/o/file/rewriteTo/b/BUCKET/o/new", b""),
    "storage.objects.update": object_change("PUT", {"metadata": {}}),
}


def once(method, target, body):
    """A request that nothing makes safe to send again."""
    def prepare(s, _):
        path = target(s)
        return lambda c: c.call(method, path, body, idempotent=False)
    return prepare


def acl_methods(name, tail):
    def path(s):
        return s.b + tail
    entry = {"entity": "allUsers", "role": "READER"}
    return {
        "storage.%s.insert" % name: once("POST", path, entry),
        "storage.%s.patch" % name: once("PATCH", lambda s: s.acl(path(s)),
                                        {"role": "OWNER"}),
        "storage.%s.update" % name: once("PUT", lambda s: s.acl(path(s)),
                                         entry),
        "storage.%s.delete" % name: once("DELETE", lambda s: s.acl(path(s)),
                                         None),
    }


NEVER = {
    **acl_methods("bucket_acl", "/acl"),
    **acl_methods("default_object_acl", "/defaultObjectAcl"),
    **acl_methods("object_acl", "/o/file/acl"),
    "storage.hmacKey.create": once(
        "POST", lambda s: s.keys + "?serviceAccountEmail=a@b.c", b""),
    "storage.notifications.insert": once(
        "POST", lambda s: s.b + "/notificationConfigs", TOPIC),
}


def resumable(s, present):
    def run(c):
        c.upload(s.bucket, "new", BIG, s.is_new(present))
        got = plain.call("GET", s.b + "/o/new?alt=media")[2]
        assert got == BIG, "what was uploaded is what is there"
    return run


def download(s, _):
    def run(c):
        assert c.download(s.bucket, "file") == FILE, "all of it came"
    return run


def xml_get(s, _):
    return lambda c: c.call("GET", "/%s/file" % s.bucket, None,
                            {"Host": PRODUCTION})


def xml_put(s, present):
    headers = {"Host": PRODUCTION}
    if present:
        headers["x-goog-if-generation-match"] = "0"
    return lambda c: c.call("PUT", "/%s/new" % s.bucket, FILE, headers,
                            idempotent=present)


# --- the scenarios ---

RETRIED = [["503", "503"], ["reset-connection", "reset-connection"],
           ["reset-connection", "503"]]
ONCE = [["503"], ["reset-connection"]]
SCENARIOS = [
    ("1 always idempotent", RETRIED, False, True, ALWAYS),
    ("1 over the XML API", RETRIED, False, True,
     {"storage.objects.get": xml_get}),
    ("2 with a precondition", RETRIED, True, True, CONDITIONAL),
    ("2 over the XML API", RETRIED, True, True,
     {"storage.objects.insert": xml_put}),
    ("3 without a precondition", ONCE, False, False, CONDITIONAL),
    ("3 over the XML API", ONCE, False, False,
     {"storage.objects.insert": xml_put}),
    ("4 never idempotent", ONCE, False, False, NEVER),
    ("5 not retryable", [["400"], ["401"]], False, False,
     {**ALWAYS, **CONDITIONAL, **NEVER}),
    ("6 retryable, then not", [["503", "400"], ["reset-connection", "401"]],
     True, False, {**ALWAYS, **CONDITIONAL}),
    ("7 resumable upload",
     [["reset-connection", "503"], ["408"], ["503-after-256K"],
      ["503-after-8192K", "408"]], True, True,
     {"storage.objects.insert": resumable}),
    ("8 download",
     [["broken-stream", "broken-stream"], ["broken-stream-after-256K"]],
     False, True, {"storage.objects.get": download}),
]


def run_case(method, prepare, instructions, present, succeeds):
    run = prepare(Scene(), present)
    test = plain.json("POST", "/retry_test", {
        "instructions": {method: ["return-" + i for i in instructions]}})
    client = Client(test["id"])
    try:
        run(client)
        succeeded, why = True, None
    except Refused as err:
        succeeded, why = False, err
    assert succeeded == succeeds, "success %s: %s" % (succeeded, why)
    left = plain.json("GET", "/retry_test/" + test["id"])
    assert left["completed"], "left: %s" % left["instructions"]
    want = len(instructions) + succeeds
    if prepare is not resumable:
        assert client.sent == want, "%d requests, want %d" % (client.sent, want)
    plain.call("DELETE", "/retry_test/" + test["id"])


def check(what, run):
    global failures
    try:
        run()
        print("ok - " + what)
    except Exception:  # whatever it is, it goes on with the next
        failures += 1
        print("not ok - " + what)
        for line in traceback.format_exc().splitlines():
            print("# " + line)


for title, cases, present, succeeds, methods in SCENARIOS:
    for method, prepare in methods.items():
        check("%s: %s" % (title, method), lambda: [
            run_case(method, prepare, case, present, succeeds)
            for case in cases])
raise SystemExit(failures > 0)
