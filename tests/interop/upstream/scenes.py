# SPDX-License-Identifier: MIT
"""Registries that are as they should be, and registries that are not.  What
comes of them where upstream and gcsweep differ is said in differences.py."""

import tree
from tree import FOREIGN, IMAGE, LIST, OCI_INDEX

SOUND = {}  # name -> function: what a registry lets its clients do
ODD = {}  # and what no client does


def sound(scene):
    SOUND[scene.__name__] = scene
    return scene


def odd(scene):
    ODD[scene.__name__] = scene
    return scene


# --- as clients push, tag and delete ---


@sound
def images(r):
    r.image("app", "one", "v1")
    r.image("app", "two", "v2", kind="docker")
    r.image("app", "untagged")
    r.image("other", "gone", "v1")
    r.delete("other", r.image("other", "gone", "v2"))
    r.image("other", "stays", "v1")
    r.blob("app", "a layer of no image")


@sound
def tags(r):
    for tag in ("v1", "v1.0", "latest"):
        r.image("app", "one", tag)
    for name in ("old", "older", "new"):
        r.image("app", name, "moved")
    r.image("app", "one", "back")
    r.image("app", "between", "back")
    r.image("app", "one", "back")
    r.image("app", "old", "kept-by-another-tag")


@sound
def deleted_tags(r):
    r.image("app", "stays", "v1")
    r.image("app", "gone", "v2")
    r.delete("app", r.image("app", "gone", "v3"))
    was = r.image("app", "was", "moved")
    r.image("app", "is", "moved")
    r.delete("app", was)
    r.delete("emptied", r.image("emptied", "last", "v1"))


@sound
def lists(r):
    """Multi-arch, docker's and OCI's, with a type and without."""
    for name, kind, image, typed in (
            ("list", LIST, "docker", True), ("typed", OCI_INDEX, "oci", True),
            ("typeless", OCI_INDEX, "oci", False)):
        children = [r.image(name, f"{name}.{cpu}", kind=image)
                    for cpu in ("amd64", "arm64")]
        r.index(name, name, children, "v1", kind, tree.KINDS[image][0], typed)


@sound
def moved_list(r):
    """The tag moves on; one child is common to both."""
    common = r.image("app", "common")
    old = r.image("app", "old.child")
    new = r.image("app", "new.child")
    r.index("app", "old", [common, old], "v1")
    r.index("app", "new", [common, new], "v1")


@sound
def tagged_child(r):
    child = r.image("app", "child", "v1-amd64")
    lost = r.image("app", "lost")
    r.index("app", "untagged", [child, lost])


@sound
def nested_lists(r):
    deep = r.image("app", "deep")
    shallow = r.image("app", "shallow")
    inner = r.index("app", "inner", [deep])
    r.index("app", "outer", [inner, shallow], "v1", child_kind=OCI_INDEX)
    r.image("app", "untagged")


@sound
def empty_list(r):
    r.index("app", "empty", [], "v1")
    r.index("app", "untagged", [])
    r.image("app", "none", "v2", layers=[])


@sound
def only_an_empty_list(r):
    """No layer was ever pushed to it."""
    r.index("app", "empty", [], "v1")
    r.image("other", "one", "v1")


@sound
def shared_layers(r):
    base = ["base", "runtime"]
    r.image("a", "one", "v1", layers=base + ["one.layer"])
    r.image("b", "two", "v1", layers=base + ["two.layer"])
    r.image("b", "untagged", layers=base + ["untagged.layer"])
    r.image("c", "gone", "v1", layers=["runtime", "gone.layer"])
    r.delete("c", r.image("c", "gone", "v1", layers=["runtime", "gone.layer"]))
    r.image("a", "twice", "v2", layers=["base", "base"])
    r.image("a", "same config", "v3", layers=["base"], config="config")
    r.image("b", "one more", "v3", layers=["base"], config="config")


@sound
def same_image_in_two(r):
    """Tagged in one repository, untagged or deleted in the others."""
    for repo, tag in (("a", "v1"), ("b", None), ("c", "v1")):
        digest = r.image(repo, "one", tag)
    r.delete("c", digest)
    r.image("c", "other", "v1")
    r.image("b", "other", "v2")


@sound
def manifest_as_layer(r):
    """An image's manifest is the layer of another, in another repository."""
    one = r.image("a", "one")
    r.image("a", "tagged", "v1")
    r.put_blob("b", one, tree.to_bytes(r.documents[one]))
    config = r.blob("b", "config")
    r.manifest("b", "of it", {
        "schemaVersion": 2, "mediaType": tree.OCI_IMAGE,
        "config": r.described(tree.OCI_CONFIG, config),
        "layers": [r.described(tree.OCI_LAYER, one)]}, tree.OCI_IMAGE, "v1")


@sound
def child_elsewhere(r):
    """The child of an index is in another repository too, without a tag."""
    child = r.image("a", "child")
    r.image("a", "tagged", "v1")
    r.image("b", "child")
    r.index("b", "index", [child], "v1")


@sound
def nested_names(r):
    for repo in ("a", "a/b", "a/b/c", "a-b", "a.b", "a_b", "a__b",
                 "example.org/x", "tags", "link/data/sha256", "blobs"):
        r.image(repo, repo + " tagged", "v1")
        r.image(repo, repo + " untagged")
    r.image("a/b", "current", "current")
    r.image("a/b", "index", "index")
    r.image("a/b", "link", "link")


@sound
def referrers(r):
    """Signatures of what is tagged, of what is not, and of signatures."""
    one = r.image("app", "one", "v1")
    signature = r.referrer("app", "signature", one)
    r.referrer("app", "its signature", signature)
    lost = r.image("app", "lost")
    r.referrer("app", "lost signature", lost)
    subject = r.image("app", "subject")
    r.referrer("app", "tagged signature", subject, "sig")


@sound
def never_pushed(r):
    """A foreign layer stays where it is; a subject need not be there."""
    url = {"mediaType": FOREIGN, "size": 7, "digest": tree.digest_of(b"far"),
           "urls": ["https://example.org/layer"]}
    base = r.blob("app", "base")
    config = r.blob("app", "config")
    r.manifest("app", "windows", {
        "schemaVersion": 2, "mediaType": IMAGE,
        "config": r.described(tree.CONFIG, config),
        "layers": [url, r.described(tree.LAYER, base)]}, IMAGE, "v1")
    r.sizes[tree.digest_of(b"never")] = 5
    r.referrer("app", "early signature", tree.digest_of(b"never"), "sig")


@sound
def annotated(r):
    """What stands in an annotation: a manifest, a layer, a deleted image."""
    base = r.image("app", "base")
    layer = r.blob("app", "a layer of no image")
    gone = r.image("app", "gone", "v1")
    r.delete("app", gone)
    r.image("app", "one", "v1", annotations={
        "org.opencontainers.image.base.digest": base,
        "org.example.layer": layer, "org.example.was": gone})


@sound
def pushed_by_sha512(r):
    """The manifest names what is kept by another digest."""
    r.image("app", "one", "v1", alg="sha512")
    r.image("app", "untagged", alg="sha512")
    r.image("other", "one", "v1", alg="sha512")
    r.blob("app", "a layer of no image", alg="sha512")


@sound
def uploads(r):
    r.upload("app", b"half a layer")
    r.image("app", "one", "v1")
    r.upload("only-uploads", b"")
    r.blob("only-layers", "a layer of no image")


@sound
def without_tags(r):
    """Nothing in the repository ever had a tag: it has no folder of them."""
    r.image("app", "one", "v1")
    r.image("untagged", "two")


@sound
def all_untagged(r):
    r.delete("app", r.image("app", "was", "v1"))
    r.image("app", "one")


# --- as they are when somebody or something has been at them ---


@odd
def empty(r):
    pass


@odd
def no_blobs(r):
    r.image("app", "one", "v1")
    r.remove_below(tree.ROOT + "blobs/")


@odd
def no_repositories(r):
    r.image("app", "one", "v1")
    r.remove_below(tree.ROOT + "repositories/")


@odd
def no_layers_folder(r):
    r.image("app", "one", "v1")
    r.remove_below(tree.ROOT + "repositories/app/_layers/")
    r.image("other", "two", "v1")
    r.blob("other", "a layer of no image")


@odd
def file_among_repositories(r):
    r.image("app", "one", "v1")
    r.files[tree.ROOT + "repositories/_note"] = b"do not touch"
    r.image("zoo", "two", "v1")


@odd
def sha512(r):
    """As a registry would keep it that does not care which digest it is."""
    r.is_canonical = False
    r.image("app", "one", "v1", alg="sha512")
    r.image("app", "two", "v2")
    r.image("app", "moved", "v2", alg="sha512")
    r.image("app", "two", "v2")
    r.blob("app", "a layer of no image", "sha512")


@odd
def schema1(r):
    for name, tag in (("one", "v1"), ("untagged", None)):
        layers = [r.blob("app", f"{name}.{i}") for i in range(2)]
        r.manifest("app", name, {
            "schemaVersion": 1, "name": "app", "tag": "v1",
            "architecture": "amd64",
            "fsLayers": [{"blobSum": layer} for layer in layers],
            "history": [{"v1Compatibility": "{}"} for _ in layers]},
            tree.SCHEMA1, tag)
    r.folders.add(tree.manifests_path("app") + "tags")


@odd
def signatures(r):
    """Registries of old kept those of schema 1 beside the revision."""
    for name, tag in (("one", "v1"), ("untagged", None)):
        digest = r.image("app", name, tag)
        signature = r.named(name + ".signature", name.encode())
        r.files[tree.blob_path(signature)] = name.encode()
        r.link(tree.revision_path("app", digest)[:-len("link")] +
               f"signatures/{tree.slashed(signature)}/link", signature)


def damaged(name, path_of, body_of):
    """A scene of an image, tagged and not, beside another repository; one of
    the first one's links says something else."""
    def scene(r):
        one = r.image("app", "one", "v1")
        r.image("app", "untagged")
        other = r.image("other", "two", "v1")
        r.image("other", "lost")
        path, body = path_of(one), body_of(one, other)
        if body is None:
            del r.files[path]
        else:
            r.files[path] = body
    ODD[name] = scene


def revision(digest):
    return tree.revision_path("app", digest)


def current(digest):
    return tree.current_path("app", "v1")


BODIES = {
    "missing": lambda one, other: None,
    "empty": lambda one, other: b"",
    "cut": lambda one, other: one[:-1].encode(),
    "newline": lambda one, other: one.encode() + b"\n",
    "other": lambda one, other: other.encode(),
    "unknown": lambda one, other: tree.digest_of(b"nothing").encode(),
    "long": lambda one, other: b"x" * 300,
}
for word, body_of in BODIES.items():
    damaged("revision_" + word, revision, body_of)
    damaged("current_" + word, current, body_of)
damaged("manifest_missing", tree.blob_path, BODIES["missing"])
damaged("manifest_cut", tree.blob_path, lambda one, other: b"{\"schemaVers")
damaged("manifest_empty", tree.blob_path, BODIES["empty"])


@odd
def manifest_other(r):
    """Whose bytes are another's, and a manifest for all one can see."""
    one = r.image("app", "one", "v1")
    two = r.image("app", "two", "v2")
    r.files[tree.blob_path(one)] = r.files[tree.blob_path(two)]


@odd
def layer_missing(r):
    r.image("app", "one", "v1")
    del r.files[tree.blob_path(tree.digest_of(b"one.layer\n" * 32))]
    r.image("app", "untagged")


@odd
def reference_missing(r):
    """The tag's index is not there, or the tag is nothing but its index."""
    one = r.image("app", "one", "v1")
    del r.files[tree.reference_path("app", "v1", one)]
    two = r.image("app", "two", "v2")
    del r.files[tree.current_path("app", "v2")]
    three = r.image("app", "three")
    r.link(tree.reference_path("app", "v1", three), two)


@odd
def layer_links(r):
    """What is below _layers decides nothing for upstream."""
    r.image("app", "one", "v1")
    r.image("app", "untagged")
    layer = tree.digest_of(b"one.layer\n" * 32)
    r.files[tree.layer_path("app", layer)] = b""
    del r.files[tree.layer_path("app", tree.digest_of(
        b"untagged.layer\n" * 32))]


def unreadable(name, document):
    """A tagged manifest that says what no registry would have taken."""
    def scene(r):
        layer = r.blob("app", "one.layer")
        r.manifest("app", "one", document(layer), tree.OCI_IMAGE, "v1")
        r.image("app", "untagged")
    ODD[name] = scene


unreadable("media_type_unknown", lambda layer: {
    "schemaVersion": 2, "mediaType": "application/vnd.example+json",
    "things": [{"digest": layer}]})
unreadable("schema_version_3", lambda layer: {
    "schemaVersion": 3, "layers": [{"digest": layer}]})
unreadable("not_an_object", lambda layer: [layer])
unreadable("odd_case", lambda layer: {
    "schemaVersion": 2, "mediaType": tree.OCI_IMAGE,
    "LAYERS": [{"Digest": layer}], "Config": {}})


@odd
def bad_repository_name(r):
    r.image("app", "one", "v1")
    r.image("app", "untagged")
    r.image("Bad/Name", "two", "v1")
    r.image("Bad/Name", "lost")


@odd
def bad_tag_name(r):
    r.image("app", "one", "v1")
    r.image("app", "moved", ".v2")
    r.image("app", "two", ".v2")


@odd
def bad_blob_name(r):
    r.image("app", "one", "v1")
    r.image("app", "untagged")
    r.files[tree.ROOT + "blobs/sha256/zz/zz/data"] = b"odd"


@odd
def stray_link(r):
    one = r.image("app", "one", "v1")
    r.image("app", "untagged")
    r.link(tree.manifests_path("app") + "revisions/link", one)


@odd
def stray_files(r):
    r.image("app", "one", "v1")
    untagged = r.image("app", "untagged")
    for path in ("readme", tree.ROOT + "notes", tree.ROOT + "blobs/notes",
                 tree.ROOT + "repositories/app/notes",
                 tree.blob_path(untagged)[:-len("data")] + "notes"):
        r.files[path] = b"notes"
