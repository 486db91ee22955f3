#!/bin/sh
# SPDX-License-Identifier: MIT
# A registry's own config.yml instead of gs://BUCKET, as people type it.

. "$(dirname "$0")/lib.sh"

cfg=$work/config.yml

# config LINES: the configuration, with that below storage.
config() {
	printf 'version: 0.1\nstorage:\n%b' "$1" >"$cfg"
}

# try NAME STATUS PATTERN COMMAND...: that status, and a line that says so.
try() {
	what=$1 want=$2 pattern=$3
	shift 3
	run "$@"
	ok "$what: status $want" [ "$status" -eq "$want" ]
	ok "$what: $pattern" grep -q -e "$pattern" "$work/out" "$work/err"
}

config '  gcs: {bucket: demo}\n'
if "$gcsweep" config "$cfg" --endpoint "$nobody" 2>&1 |
	grep -q 'without libfyaml'; then
	ok 'without libfyaml: says gs://BUCKET/ROOT' true
	done_testing
fi

# --- the collection ---

start_sim --registry manifests=2,orphans=3,untagged=50%
STORAGE_EMULATOR_HOST=$url
export STORAGE_EMULATOR_HOST
config '  gcs: {bucket: demo, keyfile: /nonexistent}
  cache: {blobdescriptor: inmemory}
  maintenance: {readonly: {enabled: true}}\n'
try 'a dry run' 0 "^EMULATOR $url   bucket demo   root /   DRY RUN" \
	"$gcsweep" gc "$cfg" -m -n
ok 'a dry run: no word on the cache' sh -c "! grep -q flush '$work/out'"
try 'a variable for the path' 0 'bucket demo' \
	env REGISTRY_CONFIGURATION_PATH="$cfg" "$gcsweep" gc -m -n
try 'a variable for the root' 0 'bucket demo   root /x   DRY' \
	env REGISTRY_STORAGE_GCS_ROOTDIRECTORY=/x/ "$gcsweep" gc "$cfg" -n
try 'doctor' 0 '^ok    reachable: bucket demo' "$gcsweep" doctor "$cfg"
try 'the collection' 0 '^next      restart the registry or flush its blob cache (inmemory)' \
	"$gcsweep" gc "$cfg" -m -y --require-readonly
ok 'the collection: it has deleted' grep -q '^deleted  *1 manifests .* 7 blobs' "$work/out"
forget_requests

# --- the registry takes writes ---

config '  gcs: {bucket: demo}\n  maintenance: {readonly: {enabled: false}}\n'
try 'writable' 3 "by $cfg:4 the registry takes writes; set REGISTRY_" \
	"$gcsweep" gc "$cfg" -y --require-readonly
try 'writable, a variable that the registry ignores' 3 'takes writes' \
	env REGISTRY_STORAGE_MAINTENANCE_READONLY_ENABLED=true \
	"$gcsweep" gc "$cfg" -y --require-readonly
try 'not known' 3 'gs://demo does not say' \
	"$gcsweep" gc gs://demo -y --require-readonly
ok 'and nothing is sent' [ -z "$(requests)" ]
try 'read-only by a variable' 0 '^EMULATOR' \
	env REGISTRY_STORAGE_MAINTENANCE_READONLY='{"enabled":true}' \
	"$gcsweep" gc "$cfg" -n --require-readonly
stop_sim
unset STORAGE_EMULATOR_HOST

# --- who asks ---

secret=canary-5c1f
printf '{"type":"authorized_user","client_id":"c","client_secret":"%s","refresh_token":"%s"}' \
	"$secret" "$secret" >"$work/key.json"
chmod 600 "$work/key.json"
config "  gcs: {bucket: demo, keyfile: $work/key.json}\n"
chmod 644 "$cfg"
try 'the key file' 0 "^credential  *authorized_user .*$cfg:3: storage.gcs.keyfile" \
	env GOOGLE_ACCESS_TOKEN=t "$gcsweep" config "$cfg"
cp "$work/key.json" "$work/other.json"
try '--credentials beats it' 0 "^credential .*--credentials $work/other.json" \
	"$gcsweep" config "$cfg" --credentials "$work/other.json"
try 'a variable beats it too' 2 \
	'^gcsweep: REGISTRY_STORAGE_GCS_KEYFILE: storage.gcs.keyfile: /none: No such' \
	env REGISTRY_STORAGE_GCS_KEYFILE=/none "$gcsweep" config "$cfg"
config "  gcs:\n    bucket: demo\n    credentials: $(cat "$work/key.json")\n"
try 'inline credentials' 0 "^credential  *authorized_user .*$cfg:5: storage.gcs.credentials" \
	"$gcsweep" config "$cfg"
ok 'inline credentials: no secret is shown' \
	sh -c "! grep -q '$secret' '$work/out' '$work/err'"
ok 'inline credentials: who may read them is told' \
	grep -q 'warning: .*others than its owner may read' "$work/err"
try 'inline credentials, strictly' 2 "$cfg:5: .*run chmod 600" \
	"$gcsweep" config "$cfg" --strict-permissions

# --- gcsweep config ---

config '  gcs: {bucket: demo, maxconcurrency: 3, rootdirectory: /a/b/}\n'
run env GCSWEEP_RATE=7/s GCSWEEP_MARK_WIDTH=64 REGISTRY_STORAGE_GCS_BUCKET=other \
	"$gcsweep" config "$cfg" -m --endpoint "$nobody"
tr -s ' ' <"$work/out" >"$work/settings"
while read -r line; do
	ok "config: $line" grep -qxF -e "$line" "$work/settings"
done <<EOF
bucket other REGISTRY_STORAGE_GCS_BUCKET
root a/b $cfg:3
readonly false default
cache - default
endpoint $nobody --endpoint
credential - no emulator is sent one
--delete-untagged true --delete-untagged
--rate 7/s GCSWEEP_RATE
--mark-width 64 GCSWEEP_MARK_WIDTH
--concurrency auto default
storage.gcs.maxconcurrency 25 $cfg:3 (not used)
EOF

# --- what is wrong ---

try 'none' 2 'gc needs a registry: gs://BUCKET\[/ROOT\], or its config.yml' \
	"$gcsweep" gc
try 'a folder' 2 "$work: not a regular file" "$gcsweep" gc "$work"
try 'no file' 2 'no-registry: no such file; a registry is its config.yml or gs://' \
	"$gcsweep" gc no-registry
config '  s3: {bucket: demo}\n'
try 'another driver' 2 "$cfg:3: .*the driver s3; gcsweep collects those of gcs" \
	"$gcsweep" gc "$cfg"
ok 'another driver: one line' [ "$(wc -l <"$work/err")" -eq 1 ]
done_testing
