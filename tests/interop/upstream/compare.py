# SPDX-License-Identifier: MIT
"""compare.py FOLDER: both collectors on each registry below it, and what went
must be the same, but for what differences.py says, or the rule of random_tree
where nobody could list it.  One line for each registry and mode, `ok - WHAT`
or `not ok - WHAT`, and the reasons behind `#`."""

import os
import re
import sys

import differences
import tree
import trees
from collectors import MODES, Ours, collect, told
from random_tree import kept_for_another
from scenes import SOUND, ODD


class Judge:
    """Of one registry in one mode."""

    def __init__(self, name, mode, r, upstream, ours):
        self.name = name
        self.mode = mode
        self.r = r
        self.upstream = upstream
        self.ours = ours
        self.faults = []
        self.kept = upstream.removed - ours.removed
        self.alone = ours.removed - upstream.removed

    def expect(self, what, want, got):
        if want != got:
            self.faults.append(f"{what}: want {want}, got {got}")

    def expect_paths(self, what, want, got):
        """By their short names, which are easier to read."""
        want, got = set(want), set(map(self.r.short, got))
        for at in sorted(want - got):
            self.faults.append(f"{what}: {at} is not among them")
        for at in sorted(got - want):
            self.faults.append(f"{what}: {at} is among them")

    def differs_as_listed(self):
        want = differences.expected(self.name, self.mode)
        self.expect_paths("kept by us alone", want.kept, self.kept)
        self.expect_paths("removed by us alone", want.alone, self.alone)
        self.ends(want.stops, want.status)

    def differs_by_rule(self):
        kept = set()
        if self.mode == "untagged":
            named = kept_for_another(self.r)
            kept = {path for path in self.upstream.removed
                    if tree.meaning(path)[2] in named}
        self.expect_paths("kept by us alone", map(self.r.short, kept),
                          self.kept)
        self.expect_paths("removed by us alone", (), self.alone)
        self.ends(None, 0)

    def ends(self, stops, status):
        self.expect("our status", status, self.ours.status)
        if stops is None:
            self.expect("upstream's status", (0, ""),
                        (self.upstream.status, self.upstream.said))
            if self.alone:
                self.faults.append("we remove more, and upstream went on")
        elif self.upstream.status != 1 or stops not in self.upstream.said:
            self.faults.append(f"upstream should stop: {self.upstream.said}")

    def tried(self, upstream, ours):
        """A dry run says what is then done, and does nothing."""
        self.expect("upstream's dry run removes", set(), upstream.removed)
        self.expect("upstream's dry run ends and tells",
                    (self.upstream.status, *told(self.upstream.told)),
                    (upstream.status, *told(upstream.told)))
        self.expect("our dry run's status", self.ours.status, ours.status)
        self.expect_paths("named by our dry run", map(
            self.r.short, self.ours.removed), ours.removed)

    def counts_agree(self):
        """Upstream's line of counts, with what went and with our summary."""
        marked, eligible, counts = told(self.upstream.told)
        if counts is None or self.upstream.status or not self.ours.summary:
            return
        there = {tree.meaning(path)[2] for path in self.r.files
                 if path.startswith(tree.ROOT + "blobs/")
                 and path.endswith("/data")}
        self.expect("upstream: blobs marked", len(marked), counts[0])
        self.expect("upstream: blobs eligible",
                    (len(there - marked), len(eligible)),
                    (counts[1], counts[1]))
        ours = self.ours.summary["deleted"]
        self.expect("our blobs and upstream's",
                    counts[1], ours["blobs"] + count(self.kept, is_blob)
                    - count(self.alone, is_blob))
        self.expect("our manifests and upstream's",
                    counts[2], ours["manifests"]
                    + count(self.kept, is_revision)
                    - count(self.alone, is_revision))
        self.expect("all our blobs", len(there),
                    ours["blobs"] + self.ours.summary["kept"]["blobs"])


def count(paths, is_such):
    return sum(map(is_such, paths))


def is_blob(path):
    repo, _, digest = tree.meaning(path)
    return repo is None and digest is not None


def is_revision(path):
    repo, tag, _ = tree.meaning(path)
    return repo is not None and tag is None


def judge(folder, config, ours, name, mode, r):
    """Both collect it, upstream on a copy; the scenes that are sound are first
    tried, so as to see what they would do."""
    options = MODES[mode]
    at = os.path.join(folder, "upstream", mode, name)
    root = f"{mode}/{name}"
    r.write(at)
    if name in SOUND:
        tried = collect(config, at, [*options, "--dry-run"])
        dry = ours.run(root, [*options, "--dry-run"])
    case = Judge(name, mode, r, collect(config, at, options),
                 ours.run(root, [*options, "--yes"]))
    if name in SOUND or name in ODD:
        case.differs_as_listed()
    else:
        case.differs_by_rule()
    if name in SOUND:
        case.tried(tried, dry)
    case.counts_agree()
    return case


def rows_are_known(compat):
    """Each row that is named is one of doc/COMPAT.md's, and says so."""
    with open(compat, encoding="utf-8") as file:
        rows = dict(re.findall(r"^\| (.*?) \| .* \| (.*?) \|$", file.read(),
                               re.M))
    return [f"doc/COMPAT.md has no row '{row}', held by upstream.sh"
            for row in sorted({one.row for one in differences.DIFFERENCES})
            if "upstream.sh" not in rows.get(row, "")]


def tell(what, faults):
    print(f"{'not ok' if faults else 'ok'} - {what}")
    for fault in faults:
        print(f"# {fault}")


def main():
    folder = sys.argv[1]
    ours = Ours(os.environ["GCSWEEP"], "demo", os.environ["SIM_URL"])
    cases = [judge(folder, os.environ["UPSTREAM_CONFIG"], ours, name, mode, r)
             for name, r in trees.all_trees(folder).items() for mode in MODES]
    left = ours.objects()
    for case in cases:
        start = f"{case.mode}/{case.name}/"
        case.expect_paths(
            "objects that are left",
            map(case.r.short, case.r.files.keys() - case.ours.removed),
            {path.removeprefix(start) for path in left
             if path.startswith(start)})
        if case.name not in ODD:
            case.r.without(case.ours.removed).write(
                os.path.join(folder, "collected", case.mode, case.name))
        tell(f"{case.name}, {case.mode}", case.faults)
    tell("each difference has its row in doc/COMPAT.md",
         rows_are_known(os.environ["COMPAT"]))


if __name__ == "__main__":
    main()
