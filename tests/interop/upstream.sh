#!/bin/sh
# SPDX-License-Identifier: MIT
# Upstream's own collector beside ours: `registry garbage-collect` of Debian's
# docker-registry on a folder, and gcsweep on the same files in gcs-sim.  What
# goes must be the same, path by path, but for what differences.py lists or a
# rule says, on the safe side and with a row in doc/COMPAT.md.  What we leave is
# served by a real registry, and every tag pulled.
#
#	UPSTREAM_N=1000 UPSTREAM_SEED=26 ...	so many random registries, of the
#						seeds 26 and on [25, of 1 and on]

# A registry syncs each of its files, which takes a disk a minute in all.
[ ! -w /dev/shm ] || TMPDIR=/dev/shm
export TMPDIR

. "$(dirname "$0")/lib.sh"

need Python python3 /usr/bin/python3 -c ''
need docker-registry docker-registry docker-registry --version
need skopeo skopeo skopeo --version

registry=
stop_registry() {
	[ -n "$registry" ] || return 0
	kill "$registry" 2>/dev/null
	{ wait "$registry"; } 2>/dev/null # it says that it was ended
	registry=
}
trap 'stop_registry; clean_up' EXIT

# start_registry: it serves what $work/root links to; its port is asked of the
# kernel, by its id.
start_registry() {
	REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY=$work/root \
		docker-registry serve "$work/config.yml" >"$work/registry.log" 2>&1 &
	registry=$!
	UPSTREAM_PID=$registry
	export UPSTREAM_PID
}

# py FILE: one of the programs beside.
# shellcheck disable=SC2317 # client calls it
py() {
	/usr/bin/python3 -B "$here/upstream/$1" "$work"
}

cat >"$work/config.yml" <<'END'
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage:
  filesystem: {rootdirectory: /nowhere}
  delete: {enabled: true}
  maintenance: {uploadpurging: {enabled: false}}
http: {addr: 127.0.0.1:0}
compatibility: {schema1: {enabled: true}}
validation: {manifests: {urls: {allow: ["^https://example[.]org/"]}}}
END
echo '{"default": [{"type": "insecureAcceptAnything"}]}' >"$work/policy.json"
UPSTREAM_CONFIG=$work/config.yml
SKOPEO_POLICY=$work/policy.json
COMPAT=$top/doc/COMPAT.md
GCSWEEP=$gcsweep
export UPSTREAM_CONFIG SKOPEO_POLICY COMPAT GCSWEEP

start_registry
client 'pushed' py make.py
begin_sim --registry-from "$work/bucket"
SIM_URL=$url
export SIM_URL
client 'collected' py compare.py
end_sim
client 'served' py pull.py
stop_registry

done_testing
