#!/usr/bin/env bash
# attest-build.sh <name>: files bill of materials and provenance of this build. Where there is a key (KANIT_SIGNING_KEY,
# KANIT_KEY_PASSPHRASE) it signs and seals them; where there are public keys (KANIT_PUBLIC_KEYS, a kanit.keys/1 file) it
# verifies them by these before anything else runs. Pull requests from elsewhere have no key: theirs are unsigned.
set -euo pipefail
name=$1
if [ -z "${KANIT_SIGNING_KEY:-}" ]; then
  exec ./kanit attest "$name" --build --unsigned
fi
./kanit attest "$name" --build
# It is sealed as incomplete: a build is no release, so 2 (inconclusive) is what is due here.
./kanit evidence seal "$name" || [ $? -eq 2 ]
if [ -n "${KANIT_PUBLIC_KEYS:-}" ]; then
  keys=$(mktemp -d)
  printf '%s' "$KANIT_PUBLIC_KEYS" > "$keys/ci.keys.json"
  ./kanit policy check "$name" --policy .github/build-policy.yml --keys "$keys"
  ./kanit evidence verify "$name" --keys "$keys" || [ $? -eq 2 ]
fi
