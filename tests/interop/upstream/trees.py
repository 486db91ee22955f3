# SPDX-License-Identifier: MIT
"""All the registries that are compared.  They follow from the numbers in the
environment alone, all but what skopeo pushed, which is on the disk."""

import os

import scenes
from random_tree import random_tree
from tree import Tree

PUSHED = "pushed_by_skopeo"
RANDOM = "seed_"
# N random ones, of seeds SEED, SEED + 1 and so on.
N = int(os.environ.get("UPSTREAM_N", "25"))
SEED = int(os.environ.get("UPSTREAM_SEED", "1"))


def made(scene):
    r = Tree()
    scene(r)
    return r


def random_trees():
    """Name -> Tree; the seed is in the name."""
    return {f"{RANDOM}{seed}": random_tree(seed)
            for seed in range(SEED, SEED + N)}


def pushed_tree(folder):
    return Tree().read(os.path.join(folder, PUSHED))


def all_trees(folder):
    """Name -> Tree, of those below a folder."""
    return {**{name: made(scene) for name, scene in
               {**scenes.SOUND, **scenes.ODD}.items()},
            **random_trees(), PUSHED: pushed_tree(folder)}


def is_sound(name):
    """Is it as clients leave it?"""
    return name not in scenes.ODD


def is_random(name):
    return name.startswith(RANDOM)
