#!/bin/sh
# Builds the platform and its driver into bin beside this file, each as one program without libraries.
set -eu
cd "$(dirname "$0")"
command -v go >/dev/null || { echo "Expected Go as \`go\` on the PATH." >&2; exit 69; }
export CGO_ENABLED=0
go build -o bin/bourse .
go build -o bin/driver ./driver
