# SPDX-License-Identifier: MIT
"""Where the two end differently, scene by scene, and which row of doc/COMPAT.md
says why.  What is not here must be equal, path by path and exit by exit.

Of each difference: what upstream removes and we keep; what we remove where
upstream stops, and only there; what upstream says when it stops; our status."""

PLAIN, UNTAGGED = ("plain",), ("untagged",)
BOTH = PLAIN + UNTAGGED


class Difference:
    def __init__(self, scene, modes, row, kept=(), alone=(), stops=None,
                 status=0):
        self.scene = scene
        self.modes = modes
        self.row = row
        self.kept = kept
        self.alone = alone
        self.stops = stops
        self.status = status


def blobs(*names):
    """Of images that are all their own."""
    return [name + end for name in names for end in ("", ".config", ".layer")]


def image(repo, *names):
    return [f"{repo}@{name}" for name in names] + blobs(*names)


def child(repo, *names):
    """Its manifest is named by the index, and stays with upstream too."""
    return [at for at in image(repo, *names) if at not in names]


CHILDREN = "`-m`, children of a tagged index"
REFERRERS = "`-m`, referrers (`subject`) of a kept manifest"
NAMED = ("`-m`, something kept names an untagged manifest (a `subject`, an "
         "annotation, a tag that points at a referrers list)")
TOKEN = ("a digest that stands in a kept manifest outside the known fields "
         "(annotations, subject, unknown media types, odd-cased or duplicate "
         "keys)")
ALIAS = ("a layer or config that was pushed, and is named in the manifest, by "
         "its sha512: it is kept by its sha256, and a link below `_layers` joins "
         "them")
NO_TAGS = "`-m`, repository without tags"
NOTHING_KEPT = ("not one manifest is kept (or there are no repositories at "
                "all), and there are victims")
EMPTY = "empty bucket, no `blobs/`"
NO_FOLDER = "repository without `_layers`, or without `_manifests`"
UNDERSCORE = "a file beside repositories whose name begins with `_`"
SIGNATURES = "signatures of schema 1 manifests (old registries)"
BAD_REVISION = "a revision link is empty, cut or holds a newline"
OTHER_REVISION = "a revision link holds another digest than its path"
LOST_REVISION = ("`-m`, a tag names a digest that its repository does not "
                 "have")
BAD_CURRENT = "`-m`, a tag's `current/link` is damaged"
LONG_LINK = "a link of more than 256 bytes"
MISSING = "`-m`, a tagged manifest is missing"
BYTES = "manifest bytes that do not hash to their digest"
NOT_JSON = "a manifest that is not a JSON object"
UNKNOWN_TYPE = "manifest of an unknown media type"
REPOSITORY_NAME = "repository name that the registry would not accept"
TAG_NAME = "a tag whose name no registry would accept"
BLOB_NAME = "an object named `data` below `blobs/` at no blob's place"
ODD_LINK = ("an object named `link` below `revisions/` at no revision's "
            "place")
STRAYS = "objects below a dead blob's folder besides `data`"

UNKNOWN_TAGS = "failed to retrieve tags"
BAD_DIGEST = "invalid checksum digest"
NO_MANIFEST = "failed to retrieve manifest for digest"
LOST = image("other", "lost")
UNTAGGED_TOO = image("app", "untagged")

DIFFERENCES = [
    Difference("lists", UNTAGGED, CHILDREN, [
        at for name in ("list", "typed", "typeless")
        for at in child(name, name + ".amd64", name + ".arm64")]),
    Difference("moved_list", UNTAGGED, CHILDREN,
               child("app", "common", "new.child")),
    Difference("nested_lists", UNTAGGED, CHILDREN, [
        "app@inner", "deep", *child("app", "shallow", "deep")]),
    Difference("manifest_as_layer", UNTAGGED, NAMED, child("a", "one")),
    Difference("child_elsewhere", UNTAGGED, CHILDREN, [
        "a@child", *child("b", "child")]),
    Difference("referrers", UNTAGGED, REFERRERS,
               image("app", "signature", "its signature")),
    Difference("referrers", UNTAGGED, NAMED, image("app", "subject")),
    Difference("annotated", BOTH, TOKEN, ["a layer of no image", "gone"]),
    Difference("annotated", UNTAGGED, NAMED, image("app", "base")),
    Difference("pushed_by_sha512", PLAIN, ALIAS, [
        "one.config", "one.layer", "untagged.config", "untagged.layer"]),
    Difference("pushed_by_sha512", UNTAGGED, ALIAS, [
        "one.config", "one.layer"]),

    Difference("without_tags", UNTAGGED, NO_TAGS, stops=UNKNOWN_TAGS,
               alone=image("untagged", "two")),
    Difference("all_untagged", UNTAGGED, NOTHING_KEPT, status=3,
               kept=[*image("app", "one"), *blobs("was")]),
    Difference("empty", BOTH, EMPTY, stops="repositories"),
    Difference("no_blobs", PLAIN, EMPTY, stops="blobs"),
    Difference("no_blobs", UNTAGGED, EMPTY, stops="blobs", status=7),
    Difference("no_repositories", BOTH, NOTHING_KEPT, stops="repositories",
               status=3),
    Difference("no_layers_folder", BOTH, NO_FOLDER, blobs("one")),
    Difference("only_an_empty_list", BOTH, NO_FOLDER, ["empty"]),
    Difference("file_among_repositories", BOTH, UNDERSCORE,
               blobs("one", "two")),
    Difference("signatures", BOTH, SIGNATURES,
               ["one.signature", "untagged.signature"]),
    Difference("signatures", UNTAGGED, SIGNATURES,
               ["repositories/app/_manifests/revisions/untagged/signatures/"
                "untagged.signature/link"]),

    *(Difference(scene, modes, BAD_REVISION, stops=BAD_DIGEST, status=7,
                 alone=alone)
      for scene in ("revision_empty", "revision_cut", "revision_newline")
      for modes, alone in ((PLAIN, []), (UNTAGGED, UNTAGGED_TOO + LOST))),
    *(Difference(scene, BOTH, OTHER_REVISION, blobs("one"), status=7)
      for scene in ("revision_other", "revision_unknown")),
    Difference("revision_missing", UNTAGGED, LOST_REVISION, blobs("one"),
               status=7),
    *(Difference(scene, UNTAGGED, LOST_REVISION, status=7)
      for scene in ("current_other", "current_unknown")),
    *(Difference(scene, UNTAGGED, BAD_CURRENT, stops=UNKNOWN_TAGS, status=7,
                 alone=LOST)
      for scene in ("current_empty", "current_cut", "current_newline")),
    Difference("revision_long", BOTH, LONG_LINK, stops=BAD_DIGEST, status=6),
    Difference("current_long", UNTAGGED, LONG_LINK, stops=UNKNOWN_TAGS,
               status=6),

    Difference("manifest_missing", UNTAGGED, MISSING, status=7),
    *(Difference(scene, BOTH, BYTES, stops=NO_MANIFEST, status=6)
      for scene in ("manifest_cut", "manifest_empty")),
    Difference("manifest_other", BOTH, BYTES, ["one.config", "one.layer"],
               status=6),
    Difference("not_an_object", BOTH, NOT_JSON, stops=NO_MANIFEST, status=6),
    *(Difference(scene, modes, UNKNOWN_TYPE, stops=NO_MANIFEST, alone=alone)
      for scene in ("media_type_unknown", "schema_version_3")
      for modes, alone in ((PLAIN, []), (UNTAGGED, UNTAGGED_TOO))),
    Difference("bad_repository_name", PLAIN, REPOSITORY_NAME,
               stops="failed to parse repo name", status=7),
    Difference("bad_repository_name", UNTAGGED, REPOSITORY_NAME,
               stops="failed to parse repo name", status=7,
               alone=UNTAGGED_TOO),
    Difference("bad_tag_name", PLAIN, TAG_NAME, status=7),
    Difference("bad_tag_name", UNTAGGED, TAG_NAME, ["app:.v2@moved"],
               status=7),
    Difference("bad_blob_name", PLAIN, BLOB_NAME, stops=BAD_DIGEST),
    Difference("bad_blob_name", UNTAGGED, BLOB_NAME, stops=BAD_DIGEST,
               alone=blobs("untagged")),
    Difference("stray_link", PLAIN, ODD_LINK, status=7),
    Difference("stray_link", UNTAGGED, ODD_LINK, UNTAGGED_TOO, status=7),
    Difference("stray_files", UNTAGGED, STRAYS, ["blobs/untagged/notes"]),
]


def expected(scene, mode):
    """All that is said of a scene, added up."""
    rows = [one for one in DIFFERENCES
            if one.scene == scene and mode in one.modes]
    return Difference(
        scene, (mode,), "; ".join(one.row for one in rows),
        [at for one in rows for at in one.kept],
        [at for one in rows for at in one.alone],
        next((one.stops for one in rows if one.stops), None),
        max((one.status for one in rows), default=0))
