# SPDX-License-Identifier: MIT
"""A registry that runs.  Its root is a symbolic link, so that one process can
serve one tree after the other."""

import http.client
import json
import os
import re
import subprocess
import urllib.parse

import tree
from tree import Scene, digest_of

ACCEPTED = ", ".join((tree.OCI_IMAGE, tree.OCI_INDEX, tree.IMAGE, tree.LIST,
                      tree.SCHEMA1,
                      tree.SCHEMA1.replace("+json", "+prettyjws")))
# It is http, and not https.
VERIFIES = {"copy": ["--src-tls-verify=false", "--dest-tls-verify=false"],
            "delete": ["--tls-verify=false"], "sync": []}
LISTENS = "0A"


class Refused(Exception):
    """The registry said no."""


def port_of(pid):
    """Where a process listens on loopback; it is waited for."""
    while True:
        with open("/proc/net/tcp", encoding="ascii") as file:
            rows = [line.split() for line in file][1:]
        sockets = {os.readlink(entry.path)
                   for entry in os.scandir(f"/proc/{pid}/fd")}
        for row in rows:
            address, port = row[1].split(":")
            if (address, row[3]) == ("0100007F", LISTENS) and \
                    f"socket:[{row[9]}]" in sockets:
                return int(port, 16)


class Server:
    def __init__(self, port, root):
        self.host = f"127.0.0.1:{port}"
        self.root = root
        self.connection = http.client.HTTPConnection(self.host, timeout=60)

    def serve(self, folder):
        """From now on it serves that one."""
        os.makedirs(folder, exist_ok=True)
        os.symlink(folder, self.root + ".new")
        os.replace(self.root + ".new", self.root)

    def send(self, method, target, want, body=None, **headers):
        """One request, and the headers and body of its answer."""
        self.connection.request(method, target, body, {
            name.replace("_", "-"): value for name, value in headers.items()})
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != want:
            raise Refused(f"{method} {target}: {answer.status} {content}")
        return answer.headers, content


class Pusher(Scene):
    """Does to a registry what a scene says."""

    def __init__(self, server):
        super().__init__()
        self.server = server

    def put_blob(self, repo, digest, data):
        headers, _ = self.server.send(
            "POST", f"/v2/{repo}/blobs/uploads/", 202)
        at = urllib.parse.urlsplit(headers["Location"])
        self.server.send("PUT", f"{at.path}?{at.query}&digest={digest}", 201,
                         data, Content_Type="application/octet-stream")

    def mount(self, repo, digest, source):
        self.server.send("POST", f"/v2/{repo}/blobs/uploads/?mount={digest}"
                         f"&from={source}", 201)

    def put_manifest(self, repo, digest, data, media_type, tag):
        self.server.send("PUT", f"/v2/{repo}/manifests/{tag or digest}", 201,
                         data, Content_Type=media_type)

    def delete(self, repo, digest):
        self.server.send("DELETE", f"/v2/{repo}/manifests/{digest}", 202)

    def upload(self, repo, data):
        headers, _ = self.server.send(
            "POST", f"/v2/{repo}/blobs/uploads/", 202)
        at = urllib.parse.urlsplit(headers["Location"])
        self.server.send("PATCH", f"{at.path}?{at.query}", 202, data,
                         Content_Type="application/octet-stream")


# --- pulls ---


def pull(server, repo, reference):
    """A manifest and all that it names, at any depth; each to the byte."""
    headers, body = server.send(
        "GET", f"/v2/{repo}/manifests/{reference}", 200, Accept=ACCEPTED)
    document = json.loads(body)
    if document["schemaVersion"] != 1:
        check(reference, headers["Docker-Content-Digest"], body)
    for child in document.get("manifests", ()):
        pull(server, repo, child["digest"])
    blobs = [layer["blobSum"] for layer in document.get("fsLayers", ())]
    blobs += [one["digest"] for one in
              (document.get("config"), *document.get("layers", ()))
              if one and "urls" not in one]
    for digest in blobs:
        check(digest, digest, server.send(
            "GET", f"/v2/{repo}/blobs/{digest}", 200)[1])


def check(what, digest, body):
    if digest_of(body, digest.split(":")[0]) != digest:
        raise Refused(f"{what} is not {digest}")


def skopeo(server, layout, *words):
    """What is wrong with a skopeo; oci:NAME is in the layout and docker:NAME
    in the registry that is served."""
    words = [re.sub("^oci:", f"oci:{layout}:", re.sub(
        "^docker:", f"docker://{server.host}/", word)) for word in words]
    done = subprocess.run(
        ["skopeo", "--policy", os.environ["SKOPEO_POLICY"], words[0],
         *VERIFIES[words[0]], *words[1:]], capture_output=True, text=True,
        timeout=120, check=False, stdin=subprocess.DEVNULL)
    return [] if done.returncode == 0 else [
        " ".join(words) + ": " + done.stderr.strip()]
