# SPDX-License-Identifier: MIT
"""What a registry keeps, told by what was done to it.

A scene is a function that pushes, tags and deletes.  Tree makes the files that
a registry"s storage has then; Served (served.py) does the same to a registry
that runs; that both come to the same files is one of the tests.
"""

import hashlib
import json
import os
import re

ROOT = "docker/registry/v2/"
OCI_IMAGE = "application/vnd.oci.image.manifest.v1+json"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_LAYER = "application/vnd.oci.image.layer.v1.tar"
OCI_CONFIG = "application/vnd.oci.image.config.v1+json"
IMAGE = "application/vnd.docker.distribution.manifest.v2+json"
LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar"
FOREIGN = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
CONFIG = "application/vnd.docker.container.image.v1+json"
SCHEMA1 = "application/vnd.docker.distribution.manifest.v1+json"
DIGEST = re.compile(r"(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})")
REMOVABLE = re.compile(
    ROOT + r"(?:blobs|repositories/(.+)/_manifests/(?:revisions|tags/([^/]+)"
    r"/index))/(sha\d+)/(?:[0-9a-f]{2}/)?([0-9a-f]+)/(?:data|link)")
BELOW = re.compile(r"(sha\d+)/(?:[0-9a-f]{2}/)?([0-9a-f]{64,})")
CPUS = ("amd64", "arm64", "s390x", "ppc64le")
# Kinds of image: of the manifest, its config, its layers.
KINDS = {
    "oci": (OCI_IMAGE, OCI_CONFIG, OCI_LAYER),
    "docker": (IMAGE, CONFIG, LAYER),
}


def digest_of(data, alg="sha256"):
    return alg + ":" + hashlib.new(alg, data).hexdigest()


def slashed(digest):
    return digest.replace(":", "/")


def blob_path(digest):
    alg, hexes = digest.split(":")
    return f"{ROOT}blobs/{alg}/{hexes[:2]}/{hexes}/data"


def manifests_path(repo):
    return f"{ROOT}repositories/{repo}/_manifests/"


def revision_path(repo, digest):
    return f"{manifests_path(repo)}revisions/{slashed(digest)}/link"


def layer_path(repo, digest):
    return f"{ROOT}repositories/{repo}/_layers/{slashed(digest)}/link"


def tag_path(repo, tag):
    return f"{manifests_path(repo)}tags/{tag}/"


def reference_path(repo, tag, digest):
    return f"{tag_path(repo, tag)}index/{slashed(digest)}/link"


def current_path(repo, tag):
    return f"{tag_path(repo, tag)}current/link"


def meaning(path):
    """Repository, tag and digest of what collectors remove; None each where
    the path does not say, the digest too if it is no such path."""
    found = REMOVABLE.fullmatch(path)
    if not found:
        return None, None, None
    repo, tag, alg, hexes = found.groups()
    return repo, tag, f"{alg}:{hexes}"


def to_bytes(document):
    return json.dumps(document, indent=3).encode()


class Scene:
    """What can be done to a registry; subclasses say what that does.  All that
    is pushed has a name, by which differences are told."""

    # Upstream's registry keeps all by sha256, and knows manifests by no other
    # digest, whatever a layer was pushed by.
    is_canonical = True

    def __init__(self):
        self.names = {}  # digest -> name
        self.sizes = {}  # digest -> bytes
        self.documents = {}  # digest -> what the manifest says

    # --- to be said by subclasses ---

    def put_blob(self, repo, digest, data):
        raise NotImplementedError

    def put_manifest(self, repo, digest, data, media_type, tag):
        raise NotImplementedError

    def delete(self, repo, digest):
        """Of a manifest, as clients do it: with all tags that name it."""
        raise NotImplementedError

    def upload(self, repo, data):
        """One that is never finished."""
        raise NotImplementedError

    # --- what follows from these ---

    def named(self, name, data, alg="sha256"):
        digest = digest_of(data, alg)
        self.names.setdefault(digest, name)
        self.names.setdefault(digest_of(data), name)
        self.sizes[digest] = len(data)
        return digest

    def blob(self, repo, name, alg="sha256"):
        data = (name + "\n").encode() * 32
        digest = self.named(name, data, alg)
        self.put_blob(repo, digest, data)
        return digest

    def manifest(self, repo, name, document, media_type, tag=None,
                 alg="sha256"):
        data = to_bytes(document)
        digest = self.named(name, data, alg)
        self.documents[digest] = document
        self.put_manifest(repo, digest, data, media_type, tag)
        return digest

    def described(self, media_type, digest):
        return {"mediaType": media_type, "size": self.sizes[digest],
                "digest": digest}

    def image(self, repo, name, tag=None, kind="oci", layers=None, config=None,
              alg="sha256", **more):
        """With a config and a layer of its own, unless others are named."""
        manifest_type, config_type, layer_type = KINDS[kind]
        if layers is None:
            layers = [name + ".layer"]
        blobs = [self.blob(repo, layer, alg) for layer in layers]
        data = to_bytes({
            "architecture": "amd64", "os": "linux", "of": config or name,
            "rootfs": {"type": "layers", "diff_ids": blobs},
            "history": [{"created_by": layer} for layer in layers]})
        config = config or name + ".config"
        digest = self.named(config, data, alg)
        self.put_blob(repo, digest, data)
        return self.manifest(repo, name, {
            "schemaVersion": 2, "mediaType": manifest_type,
            "config": self.described(config_type, digest),
            "layers": [self.described(layer_type, b) for b in blobs],
            **more}, manifest_type, tag, "sha256" if self.is_canonical else alg)

    def index(self, repo, name, children, tag=None, kind=OCI_INDEX,
              child_kind=OCI_IMAGE, is_typed=True):
        document = {
            "schemaVersion": 2, **({"mediaType": kind} if is_typed else {}),
            "manifests": [
                {**self.described(child_kind, child),
                 "platform": {"os": "linux", "architecture": cpu}}
                for child, cpu in zip(children, CPUS)]}
        return self.manifest(repo, name, document, kind, tag)

    def referrer(self, repo, name, subject, tag=None):
        return self.image(repo, name, tag, subject=self.described(
            OCI_IMAGE, subject))


class Tree(Scene):
    """The files themselves."""

    def __init__(self):
        super().__init__()
        self.files = {}     # path -> bytes
        self.folders = set()  # that are there though empty
        self.uploads = 0

    def link(self, path, digest):
        self.files[path] = digest.encode()

    def put_blob(self, repo, digest, data):
        kept = digest_of(data) if self.is_canonical else digest
        self.files[blob_path(kept)] = data
        self.link(layer_path(repo, kept), kept)
        self.link(layer_path(repo, digest), kept)

    def put_manifest(self, repo, digest, data, media_type, tag):
        self.files[blob_path(digest)] = data
        self.link(revision_path(repo, digest), digest)
        if tag is not None:
            self.link(current_path(repo, tag), digest)
            self.link(reference_path(repo, tag, digest), digest)

    def delete(self, repo, digest):
        del self.files[revision_path(repo, digest)]
        for tag, current in list(self.tags(repo).items()):
            if current == digest:
                self.remove_below(tag_path(repo, tag))
        self.folders.add(f"{manifests_path(repo)}tags")

    def upload(self, repo, data):
        self.uploads += 1
        path = f"{ROOT}repositories/{repo}/_uploads/{self.uploads:032x}/"
        self.files[path + "data"] = data
        self.files[path + "startedat"] = b"2020-02-21T00:00:00Z"

    # --- what is there ---

    def tags(self, repo):
        """Tag -> digest."""
        start = f"{manifests_path(repo)}tags/"
        return {path[len(start):].split("/")[0]: body.decode()
                for path, body in self.files.items()
                if path.startswith(start) and path.endswith("/current/link")}

    def repositories(self):
        return sorted({path[len(ROOT + "repositories/"):].split("/_", 1)[0]
                       for path in self.files
                       if path.startswith(ROOT + "repositories/")})

    def remove_below(self, start):
        for path in [p for p in self.files if p.startswith(start)]:
            del self.files[path]

    def without(self, removed):
        """A tree of the files that are not in removed."""
        rest = Tree()
        rest.names = self.names
        rest.folders = self.folders
        rest.files = {p: b for p, b in self.files.items() if p not in removed}
        return rest

    def short(self, path):
        """A path as people read it: `NAME` of a blob, `REPO@NAME` of a
        revision, `REPO:TAG@NAME` of a tag's reference."""
        repo, tag, digest = meaning(path)
        if digest is None:
            return BELOW.sub(lambda found: self.names.get(
                ":".join(found.groups()), found[0]), path.removeprefix(ROOT))
        name = self.names.get(digest, digest)
        if repo is None:
            return name
        return f"{repo}:{tag}@{name}" if tag else f"{repo}@{name}"

    # --- on a disk ---

    def write(self, folder):
        os.makedirs(folder, exist_ok=True)
        for path in self.folders:
            os.makedirs(os.path.join(folder, path), exist_ok=True)
        for path, body in self.files.items():
            name = os.path.join(folder, path)
            os.makedirs(os.path.dirname(name), exist_ok=True)
            with open(name, "wb") as file:
                file.write(body)

    def read(self, folder):
        """What a registry has written there."""
        for path in paths_below(folder):
            with open(os.path.join(folder, path), "rb") as file:
                self.files[path] = file.read()
        return self


def paths_below(folder):
    return {os.path.relpath(os.path.join(at, name), folder)
            for at, _, names in os.walk(folder) for name in names}
