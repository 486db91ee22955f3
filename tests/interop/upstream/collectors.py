# SPDX-License-Identifier: MIT
"""The two collectors, each run on a registry in its own way: upstream's on a
folder, ours on the same files in gcs-sim."""

import json
import os
import re
import subprocess
import urllib.request

import tree

# Upstream has no such guards, so that they must let pass here.
LENIENT = ["--allow-missing", "--min-age", "0", "--max-delete", "100%"]
MODES = {"plain": [], "untagged": ["-m"]}  # name -> options, of both


class Outcome:
    """How a run ended and which of the files went."""

    def __init__(self, status, said, removed):
        self.status = status
        self.said = said
        self.removed = removed


# --- upstream's ---


def collect(config, folder, options):
    """Its outcome, in a folder that holds a registry's files."""
    before = tree.paths_below(folder)
    done = subprocess.run(
        ["docker-registry", "garbage-collect", *options, config],
        env={**os.environ, "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY": folder},
        capture_output=True, text=True, timeout=120, check=False,
        stdin=subprocess.DEVNULL)
    outcome = Outcome(done.returncode, done.stderr,
                      before - tree.paths_below(folder))
    outcome.told = done.stdout
    return outcome


def told(text):
    """What it says of itself: the digests that it marks, the blobs that are
    eligible, and its counts; None when it did not come that far."""
    marked = set(re.findall(
        r"^.*: marking (?:manifest|blob) (\S*) ?$", text, re.M))
    blobs = re.findall(r"^blob eligible for deletion: (\S+)$", text, re.M)
    counts = re.search(r"^(\d+) blobs marked, (\d+) blobs and (\d+) manifests "
                       r"eligible for deletion$", text, re.M)
    return marked, set(blobs), counts and tuple(map(int, counts.groups()))


# --- ours ---


class Ours:
    def __init__(self, gcsweep, bucket, url):
        self.gcsweep = gcsweep
        self.bucket = bucket
        self.url = url

    def run(self, root, options):
        """Its exit status, the objects it names as victims, its summary."""
        done = subprocess.run(
            [self.gcsweep, "gc", "--endpoint", self.url, "--json", "-v",
             "--progress", "none", *LENIENT, *options,
             f"gs://{self.bucket}/{root}"],
            capture_output=True, text=True, timeout=120, check=False,
            stdin=subprocess.DEVNULL)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        start = root + "/"
        outcome = Outcome(done.returncode, done.stderr, {
            line["name"].removeprefix(start) for line in lines
            if line["type"] == "victim"})
        outcome.summary = next(
            (line for line in lines if line["type"] == "summary"), None)
        outcome.damages = sum(line["type"] == "damage" for line in lines)
        return outcome

    def objects(self):
        """Every name in the bucket."""
        names, token = set(), ""
        while token is not None:
            with urllib.request.urlopen(
                    f"{self.url}/storage/v1/b/{self.bucket}/o?fields="
                    f"items/name,nextPageToken&pageToken={token}") as answer:
                page = json.load(answer)
            names.update(item["name"] for item in page.get("items", ()))
            token = page.get("nextPageToken")
        return names
