# SPDX-License-Identifier: MIT
"""make.py FOLDER: makes the registries that are compared, each as often as it
is collected, FOLDER/bucket/MODE/NAME.  On the way a real registry is pushed to:
what it keeps then must be what our trees have, file by file."""

import os
import sys

import scenes
import trees
from collectors import MODES
from compare import tell
from served import Pusher, Refused, Server, port_of, skopeo
from tree import Tree, blob_path, to_bytes


def is_settled(path):
    """An unfinished upload has a name and a time of its own."""
    return "/_uploads/" not in path


def pushed(server, folder, name, scene):
    """What is wrong with a scene when a registry plays it."""
    server.serve(os.path.join(folder, "pushed", name))
    try:
        scene(Pusher(server))
    except Refused as err:
        return [str(err)]
    want = trees.made(scene).files
    got = Tree().read(server.root).files
    return [f"{path} is not as it should be"
            for path in sorted(want.keys() | got.keys())
            if is_settled(path) and want.get(path) != got.get(path)]


def layout(folder):
    """An OCI layout, for skopeo to push from: two images and an index."""
    r = Tree()
    named = {name: r.image("x", name) for name in ("one", "two")}
    named["multi"] = r.index("x", "multi", list(named.values()))
    for digest in r.names:
        name = os.path.join(folder, "blobs", *digest.split(":"))
        os.makedirs(os.path.dirname(name), exist_ok=True)
        with open(name, "wb") as file:
            file.write(r.files[blob_path(digest)])
    for name, document in (
            ("oci-layout", {"imageLayoutVersion": "1.0.0"}),
            ("index.json", {"schemaVersion": 2, "manifests": [
                {**r.described(r.documents[digest]["mediaType"], digest),
                 "annotations": {"org.opencontainers.image.ref.name": name}}
                for name, digest in named.items()]})):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(to_bytes(document))


def skopeo_pushes(server, folder):
    """What is wrong when a real client pushes, copies, moves and deletes."""
    server.serve(os.path.join(folder, trees.PUSHED))
    layout(os.path.join(folder, "layout"))
    faults = []
    for words in (
            ["copy", "oci:one", "docker:app:v1"],
            ["copy", "oci:two", "docker:app:moved"],
            ["copy", "oci:one", "docker:app:moved"],
            ["copy", "--all", "oci:multi", "docker:multi:v1"],
            ["copy", "--format", "v2s2", "oci:one", "docker:team/v2:v1"],
            ["copy", "--format", "v2s1", "oci:one", "docker:team/old:v1"],
            ["copy", "--format", "v2s1", "oci:two", "docker:team/old:gone"],
            ["delete", "docker:team/old:gone"],
            ["copy", "docker:app:v1", "docker:app/mirror:v1"],
            ["copy", "docker:multi:v1", "docker:app/mirror:moved"],
            ["copy", "docker:app:v1", "docker:app/mirror:moved"]):
        faults += skopeo(server, os.path.join(folder, "layout"), *words)
    return faults


def main():
    folder = sys.argv[1]
    server = Server(port_of(os.environ["UPSTREAM_PID"]),
                    os.path.join(folder, "root"))
    for name, scene in scenes.SOUND.items():
        tell(f"a registry keeps what the scene {name} has",
             pushed(server, folder, name, scene))
    tell("skopeo pushes", skopeo_pushes(server, folder))
    for name, r in trees.all_trees(folder).items():
        for mode in MODES:
            r.write(os.path.join(folder, "bucket", mode, name))


if __name__ == "__main__":
    main()
