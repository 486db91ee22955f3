# SPDX-License-Identifier: MIT
"""Registries that are sound, made at random, and the rule by which the two may
differ on them."""

import json
import random

import tree
from tree import DIGEST, LIST, OCI_INDEX, Tree, blob_path

REPOSITORIES = ("a", "a/b", "a/b/c", "ab", "team/app", "example.org/x_y")
TAGS = ("v1", "v2", "latest", "index", "current")


class Maker:
    """One registry, by one seed."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.r = Tree()
        self.r.is_canonical = False
        self.repos = self.rng.sample(REPOSITORIES, self.rng.randint(1, 5))
        self.images = []  # how each was made, to push it again elsewhere
        self.serial = 0

    def make(self):
        steps = (self.image, self.image, self.image, self.again, self.index,
                 self.index, self.referrer, self.schema1, self.delete,
                 self.delete, self.orphan, self.upload)
        for _ in range(self.rng.randint(10, 60)):
            self.rng.choice(steps)(self.rng.choice(self.repos))
        # One is kept, or nothing at all is; and where manifests were there is
        # a folder of tags, without which upstream stops.
        self.r.image(self.repos[0], self.name("image"), "kept")
        for repo in self.r.repositories():
            self.r.folders.add(tree.manifests_path(repo) + "tags")
        return self.r

    def name(self, kind):
        self.serial += 1
        return f"{kind}{self.serial}"

    def tag(self):
        return self.rng.choice(TAGS + (None,) * 4)

    def some(self, things, least, most):
        return self.rng.sample(things, min(
            len(things), self.rng.randint(least, most)))

    def image(self, repo):
        made = {
            "name": self.name("image"),
            "kind": self.rng.choice(("oci", "docker")),
            "layers": self.some([f"layer{i}" for i in range(12)], 0, 4),
            "alg": self.rng.choice(("sha256",) * 9 + ("sha512",))}
        there = revisions(self.r, repo)
        if there and self.rng.random() < 0.1:
            made["annotations"] = {"base": self.rng.choice(there)}
        self.images.append(made)
        self.r.image(repo, tag=self.tag(), **made)

    def again(self, repo):
        """The same to the byte, most likely elsewhere."""
        plain = [made for made in self.images if "annotations" not in made]
        if plain:
            self.r.image(repo, tag=self.tag(), **self.rng.choice(plain))

    def index(self, repo):
        children = self.some(revisions(self.r, repo), 1, 4)
        if children:
            self.r.index(repo, self.name("index"), children, self.tag(),
                         kind=self.rng.choice((LIST, OCI_INDEX)),
                         is_typed=self.rng.random() < 0.7)

    def referrer(self, repo):
        there = revisions(self.r, repo)
        if there:
            self.r.referrer(repo, self.name("referrer"),
                            self.rng.choice(there), self.tag())

    def schema1(self, repo):
        layers = [self.r.blob(repo, f"layer{i}") for i in range(2)]
        self.r.manifest(repo, self.name("schema1 "), {
            "schemaVersion": 1, "name": repo, "n": self.serial,
            "fsLayers": [{"blobSum": layer} for layer in layers]},
            tree.SCHEMA1, self.tag())

    def delete(self, repo):
        """Only what nothing else needs."""
        needed = {name for other in revisions(self.r)
                  for name in names_in(self.r, other) if name != other}
        free = [digest for digest in revisions(self.r, repo)
                if digest not in needed]
        if free:
            self.r.delete(repo, self.rng.choice(free))

    def orphan(self, repo):
        self.r.blob(repo, self.name("orphan"))

    def upload(self, repo):
        self.r.upload(repo, b"half a layer")


def random_tree(seed):
    return Maker(seed).make()


# --- the rule ---


def revisions(r, repo=None):
    """Digests of the manifests in a repository, or in all."""
    found = set()
    for path in r.files:
        of, tag, digest = tree.meaning(path)
        if of and tag is None and (repo is None or of == repo):
            found.add(digest)
    return sorted(found)


def names_in(r, digest):
    return set(DIGEST.findall(
        r.files.get(blob_path(digest), b"").decode("utf-8", "replace")))


def document(r, digest):
    return json.loads(r.files.get(blob_path(digest), b"{}"))


def kept_for_another(r):
    """Digests that -m keeps not for a tag but since something kept names them:
    children of indexes at any depth, what manifests name, and the referrers of
    what is kept."""
    manifests = set(revisions(r))
    referrers = {}
    for digest in manifests:
        subject = document(r, digest).get("subject")
        if subject:
            referrers.setdefault(subject["digest"], set()).add(digest)
    todo = [digest for repo in r.repositories()
            for digest in r.tags(repo).values()]
    walked, kept = set(), set()
    while todo:
        digest = todo.pop()
        if digest in walked:
            continue
        walked.add(digest)
        named = names_in(r, digest) if digest in manifests else set()
        near = named | {referrer for one in named | {digest}
                        for referrer in referrers.get(one, ())}
        kept |= near
        todo.extend(near & manifests)
    return kept
