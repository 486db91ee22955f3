# SPDX-License-Identifier: MIT
"""boto3 against the XML API: boto3_client.py FOLDER, with settings.py, which
has the client s3, in the path.  One line a check, `ok - WHAT` or
`not ok - WHAT`, and the reason behind `#`."""

import hashlib
import json
import os
import random
import sys
import traceback
import urllib.error
import urllib.parse
import urllib.request

from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError
from settings import s3

SIM = os.environ["SIM_URL"]
BUCKET = "demo"
NAMES = ["a b", "a+b", "100%41", "x/y z/+", "q?a=b&c#d", "grün-日本", "<&>\"'",
         "trail/"]
failures = 0


def check(what):
    """Runs the function below it at once."""
    def run(function):
        global failures
        try:
            function()
            print("ok - " + what)
        except Exception:  # whatever it is, it goes on with the next
            failures += 1
            print("not ok - " + what)
            for line in traceback.format_exc().splitlines():
                print("# " + line)
        return function
    return run


def same(got, want):
    assert got == want, "got %r, want %r" % (got, want)


class takes:
    """with takes("PUT 1"): so many requests of each kind."""

    def __init__(self, want):
        self.want = want

    def __enter__(self):
        urllib.request.urlopen(SIM + "/_sim/reset", data=b"").close()

    def __exit__(self, kind, value, trace):
        if kind is not None:
            return
        with urllib.request.urlopen(SIM + "/_sim/stats") as answer:
            requests = json.load(answer)["requests"]
        same(", ".join("%s %d" % (k, n) for k, n in requests.items()
                       if n and k != "total"), self.want)


class refused:
    """with refused("NoSuchKey", 404): the error of the answer."""

    def __init__(self, code, status):
        self.want = (code, status)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        assert kind is not None, "it was not refused"
        if not issubclass(kind, ClientError):
            return False
        same((value.response["Error"]["Code"],
              value.response["ResponseMetadata"]["HTTPStatusCode"]), self.want)
        return True


def put(name, data=b"x", **more):
    return s3.put_object(Bucket=BUCKET, Key=name, Body=data, **more)


def get(name, **more):
    return s3.get_object(Bucket=BUCKET, Key=name, **more)


def read(name, **more):
    return get(name, **more)["Body"].read()


def listed():
    answer = s3.list_objects_v2(Bucket=BUCKET)
    return [item["Key"] for item in answer.get("Contents", [])]


def clear():
    for name in listed():
        s3.delete_object(Bucket=BUCKET, Key=name)


def objects():
    @check("put_object")
    def _():
        with takes("PUT 1"):
            answer = put("hello.txt", b"hello, world")
        same(answer["ETag"], '"%s"' % hashlib.md5(b"hello, world").hexdigest())

    @check("get_object")
    def _():
        with takes("GET 1"):
            same(read("hello.txt"), b"hello, world")

    @check("get_object: ranges")
    def _():
        answer = get("hello.txt", Range="bytes=3-7")
        same(answer["ContentRange"], "bytes 3-7/12")
        same(answer["Body"].read(), b"lo, w")
        same(read("hello.txt", Range="bytes=7-"), b"world")
        same(read("hello.txt", Range="bytes=-3"), b"rld")

    @check("get_object: a range beyond the end")
    def _():
        with refused("InvalidRange", 416):
            get("hello.txt", Range="bytes=100-")

    @check("get_object: what is not there")
    def _():
        with takes("GET 1"), refused("NoSuchKey", 404):
            get("no")

    @check("get_object: the exception of its own")
    def _():
        try:
            get("no")
            assert False, "it was there"
        except s3.exceptions.NoSuchKey:
            pass

    @check("get_object: no bucket")
    def _():
        with refused("NoSuchBucket", 404):
            s3.get_object(Bucket="no-such-bucket", Key="x")

    @check("head_object")
    def _():
        with takes("GET 1"):
            answer = s3.head_object(Bucket=BUCKET, Key="hello.txt")
        same(answer["ContentLength"], 12)
        same(answer["ETag"], '"%s"' % hashlib.md5(b"hello, world").hexdigest())
        headers = answer["ResponseMetadata"]["HTTPHeaders"]
        assert headers["x-goog-generation"].isdigit()
        assert "md5=" in headers["x-goog-hash"]

    @check("head_object: what is not there")
    def _():
        with refused("404", 404):
            s3.head_object(Bucket=BUCKET, Key="no")

    @check("metadata and type")
    def _():
        put("described", ContentType="text/x-own", CacheControl="no-store",
            Metadata={"one": "1", "two": "zwei"})
        answer = s3.head_object(Bucket=BUCKET, Key="described")
        same(answer["ContentType"], "text/x-own")
        same(answer["CacheControl"], "no-store")
        same(answer["Metadata"], {"one": "1", "two": "zwei"})

    @check("metadata: the JSON API has it too")
    def _():
        with urllib.request.urlopen(
                SIM + "/storage/v1/b/demo/o/described") as answer:
            found = json.load(answer)
        same(found["metadata"], {"one": "1", "two": "zwei"})
        same(found["contentType"], "text/x-own")

    @check("conditions on what is read")
    def _():
        etag = get("hello.txt")["ETag"]
        same(read("hello.txt", IfMatch=etag), b"hello, world")
        with refused("PreconditionFailed", 412):
            get("hello.txt", IfMatch='"00000000000000000000000000000000"')
        with refused("304", 304):
            get("hello.txt", IfNoneMatch=etag)

    @check("a URL that was signed before")
    def _():
        url = s3.generate_presigned_url(
            "get_object", Params={"Bucket": BUCKET, "Key": "hello.txt"})
        with urllib.request.urlopen(url) as answer:
            same(answer.read(), b"hello, world")

    @check("delete_object")
    def _():
        with takes("DELETE 1"):
            s3.delete_object(Bucket=BUCKET, Key="hello.txt")
        with refused("NoSuchKey", 404):
            get("hello.txt")

    @check("delete_object: what is not there is an error, as at GCS")
    def _():
        with takes("DELETE 1"), refused("NoSuchKey", 404):
            s3.delete_object(Bucket=BUCKET, Key="hello.txt")


def names():
    clear()
    for name in NAMES:
        @check("a name such as " + name)
        def _():
            put(name, name.encode())
            same(read(name), name.encode())
            for function in s3.list_objects, s3.list_objects_v2:
                answer = function(Bucket=BUCKET, Prefix=name)
                same([item["Key"] for item in answer["Contents"]], [name])
            s3.delete_object(Bucket=BUCKET, Key=name)
            same(listed(), [])


def lists():
    wanted = sorted(["%s/%d" % (folder, n) for folder in "abd"
                     for n in (1, 2, 3)] + ["b/c+d/1", "b/c+d/2", "top"])
    for name in wanted:
        put(name, name.encode())

    @check("list_objects_v2: all, in order, described")
    def _():
        with takes("LIST 1"):
            answer = s3.list_objects_v2(Bucket=BUCKET)
        same([item["Key"] for item in answer["Contents"]], wanted)
        same((answer["IsTruncated"], answer["KeyCount"]), (False, 12))
        first = answer["Contents"][0]
        same(first["Size"], 3)
        same(first["ETag"], '"%s"' % hashlib.md5(b"a/1").hexdigest())

    for kind, requests in ("list_objects", 3), ("list_objects_v2", 3):
        @check(kind + ": page by page")
        def _():
            seen = []
            with takes("LIST %d" % requests):
                for page in s3.get_paginator(kind).paginate(
                        Bucket=BUCKET, PaginationConfig={"PageSize": 5}):
                    assert len(page["Contents"]) <= 5
                    seen += [item["Key"] for item in page["Contents"]]
            same(seen, wanted)

        @check(kind + ": folders")
        def _():
            answer = getattr(s3, kind)(Bucket=BUCKET, Delimiter="/",
                                       Prefix="b/")
            same([item["Key"] for item in answer["Contents"]],
                 ["b/1", "b/2", "b/3"])
            same([item["Prefix"] for item in answer["CommonPrefixes"]],
                 ["b/c+d/"])

        @check(kind + ": folders, page by page")
        def _():
            seen = []
            for page in s3.get_paginator(kind).paginate(
                    Bucket=BUCKET, Delimiter="/",
                    PaginationConfig={"PageSize": 1}):
                seen += [item["Key"] for item in page.get("Contents", [])]
                seen += [item["Prefix"]
                         for item in page.get("CommonPrefixes", [])]
            same(seen, ["a/", "b/", "d/", "top"])

    @check("list_objects: from a name on")
    def _():
        answer = s3.list_objects(Bucket=BUCKET, Marker="d/2")
        same([item["Key"] for item in answer["Contents"]], ["d/3", "top"])

    @check("list_objects_v2: from a name on")
    def _():
        answer = s3.list_objects_v2(Bucket=BUCKET, StartAfter="d/2")
        same([item["Key"] for item in answer["Contents"]], ["d/3", "top"])

    @check("list_objects_v2: nothing there")
    def _():
        answer = s3.list_objects_v2(Bucket=BUCKET, Prefix="none/")
        same(answer["KeyCount"], 0)

    @check("list_objects_v2: no bucket")
    def _():
        with refused("NoSuchBucket", 404):
            s3.list_objects_v2(Bucket="no-such-bucket")


def deletes():
    def delete(keys, **more):
        return s3.delete_objects(Bucket=BUCKET, Delete={
            "Objects": [{"Key": key} for key in keys], **more})

    @check("delete_objects: each one is told of")
    def _():
        put("<&> +")
        answer = delete(["a/1", "a/2", "<&> +"])
        same(sorted(item["Key"] for item in answer["Deleted"]),
             ["<&> +", "a/1", "a/2"])
        assert "Errors" not in answer
        assert "a/1" not in listed() and "a/3" in listed()

    @check("delete_objects: quietly")
    def _():
        answer = delete(["a/3", "b/1"], Quiet=True)
        assert "Deleted" not in answer and "Errors" not in answer
        assert "a/3" not in listed()

    @check("delete_objects: by version")
    def _():
        head = s3.head_object(Bucket=BUCKET, Key="top")
        version = head["ResponseMetadata"]["HTTPHeaders"]["x-goog-generation"]
        s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [
            {"Key": "b/2", "VersionId": "1"},
            {"Key": "top", "VersionId": version}]})
        assert "b/2" in listed() and "top" not in listed()

    @check("delete_objects: 1000 in one request")
    def _():
        keys = ["many/%04d" % n for n in range(1000)]
        for key in keys:
            put(key, b"")
        answer = delete(keys)
        same(len(answer["Deleted"]), 1000)
        same([key for key in listed() if key.startswith("many/")], [])

    @check("delete_objects: 1001 are too many")
    def _():
        with refused("MalformedXML", 400):
            delete(["k%d" % n for n in range(1001)])

    @check("delete_objects: no bucket")
    def _():
        with refused("NoSuchBucket", 404):
            s3.delete_objects(Bucket="no-such-bucket",
                              Delete={"Objects": [{"Key": "x"}]})


def copies():
    put("from here +", b"copied", Metadata={"key": "value"})

    @check("copy_object")
    def _():
        with takes("PUT 1"):
            answer = s3.copy_object(
                Bucket=BUCKET, Key="to",
                CopySource={"Bucket": BUCKET, "Key": "from here +"})
        same(answer["CopyObjectResult"]["ETag"],
             '"%s"' % hashlib.md5(b"copied").hexdigest())
        copy = get("to")
        same((copy["Body"].read(), copy["Metadata"]),
             (b"copied", {"key": "value"}))

    @check("copy_object: with metadata of its own")
    def _():
        s3.copy_object(Bucket=BUCKET, Key="to", Metadata={"other": "1"},
                       MetadataDirective="REPLACE", ContentType="a/b",
                       CopySource={"Bucket": BUCKET, "Key": "from here +"})
        copy = get("to")
        same((copy["Metadata"], copy["ContentType"]), ({"other": "1"}, "a/b"))

    @check("copy_object: what is not there")
    def _():
        with refused("NoSuchKey", 404):
            s3.copy_object(Bucket=BUCKET, Key="to",
                           CopySource={"Bucket": BUCKET, "Key": "no"})


def transfers(folder):
    data = random.Random(1).randbytes(9 * 1024 * 1024 + 1)
    up, down = folder + "/boto3.up", folder + "/boto3.down"
    with open(up, "wb") as out:
        out.write(data)

    def comes_back():
        s3.download_file(BUCKET, "big", down)
        with open(down, "rb") as back:
            assert back.read() == data, "other bytes came back"

    @check("upload_file: one request")
    def _():
        with takes("PUT 1"):
            s3.upload_file(up, BUCKET, "big", Config=TransferConfig(
                multipart_threshold=64 << 20))
        comes_back()

    @check("upload_file: parts of 5 MiB")
    def _():
        with takes("PUT 4"):
            s3.upload_file(up, BUCKET, "big", Config=TransferConfig(
                multipart_threshold=5 << 20, multipart_chunksize=5 << 20))
        comes_back()


    @check("an upload in parts by hand, listed and given up")
    def _():
        upload = {"Bucket": BUCKET, "Key": "never",
                  "UploadId": s3.create_multipart_upload(
                      Bucket=BUCKET, Key="never")["UploadId"]}
        part = s3.upload_part(PartNumber=1, Body=b"part", **upload)
        same(part["ETag"], '"%s"' % hashlib.md5(b"part").hexdigest())
        same([p["Size"] for p in s3.list_parts(**upload)["Parts"]], [4])
        found = s3.list_multipart_uploads(Bucket=BUCKET)["Uploads"]
        same([u["Key"] for u in found], ["never"])
        s3.abort_multipart_upload(**upload)
        with refused("NoSuchUpload", 404):
            s3.list_parts(**upload)
        assert "never" not in listed()


def buckets():
    name = "boto-bucket"

    @check("create_bucket")
    def _():
        with takes("BUCKET 1"):
            s3.create_bucket(Bucket=name, CreateBucketConfiguration={
                "LocationConstraint": "EUROPE-WEST1"})
        s3.head_bucket(Bucket=name)

    @check("create_bucket: again")
    def _():
        with refused("BucketAlreadyOwnedByYou", 409):
            s3.create_bucket(Bucket=name, CreateBucketConfiguration={
                "LocationConstraint": "EUROPE-WEST1"})

    @check("list_buckets")
    def _():
        same([b["Name"] for b in s3.list_buckets()["Buckets"]],
             [name, BUCKET])

    @check("delete_bucket: not empty")
    def _():
        s3.put_object(Bucket=name, Key="x", Body=b"x")
        with refused("BucketNotEmpty", 409):
            s3.delete_bucket(Bucket=name)
        s3.delete_object(Bucket=name, Key="x")

    @check("delete_bucket")
    def _():
        s3.delete_bucket(Bucket=name)
        with refused("404", 404):
            s3.head_bucket(Bucket=name)


def main():
    for part in objects, names, lists, deletes, copies, buckets:
        check(part.__name__ + ": all of them ran")(part)
    check("transfers: all of them ran")(lambda: transfers(sys.argv[1]))
    check("all is deleted in the end")(clear)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
