# SPDX-License-Identifier: MIT
"""pull.py FOLDER: a registry serves what a collection by gcsweep has left, and
every tag that it has is pulled: by a client of our own, which compares each
byte, and by skopeo, for which the scenes must do and what -m has left."""

import json
import os
import sys

import trees
from collectors import MODES
from compare import tell
from served import Refused, Server, port_of, pull, skopeo
from tree import Tree

# skopeo would look for a foreign layer where its URL says; a list in a list, and
# a folder of blobs by sha512, are more than its release 1.9 knows.
NOT_SKOPEOS = ("never_pushed", "nested_lists", "pushed_by_sha512")


def is_skopeos(name):
    return not trees.is_random(name) and name not in NOT_SKOPEOS


def pulled(server, tags):
    faults = []
    for repo, tag in tags:
        try:
            pull(server, repo, tag)
        except Refused as err:
            faults.append(f"{repo}:{tag}: {err}")
    return faults


def synced(server, tags, folder):
    """All of them, with one skopeo."""
    names = {}
    for repo, tag in tags:
        names.setdefault(repo, []).append(tag)
    os.makedirs(folder)
    wanted = os.path.join(folder, "wanted.yml")
    with open(wanted, "w", encoding="utf-8") as file:
        json.dump({server.host: {"tls-verify": False, "images": names}}, file)
    return skopeo(server, None, "sync", "--all", "--scoped", "--src", "yaml",
                  "--dest", "dir", wanted, folder)


def main():
    folder = sys.argv[1]
    server = Server(port_of(os.environ["UPSTREAM_PID"]),
                    os.path.join(folder, "root"))
    for mode in MODES:
        for name in filter(trees.is_sound, trees.all_trees(folder)):
            at = os.path.join(folder, "collected", mode, name)
            server.serve(at)
            r = Tree().read(at)
            tags = [(repo, tag) for repo in r.repositories()
                    for tag in sorted(r.tags(repo))]
            faults = pulled(server, tags)
            if mode == "untagged" and is_skopeos(name):
                faults += synced(server, tags, os.path.join(
                    folder, "synced", mode, name))
            tell(f"{name}, {mode}: all {len(tags)} tags can be pulled",
                 faults)


if __name__ == "__main__":
    main()
