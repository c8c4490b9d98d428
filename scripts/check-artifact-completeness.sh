#!/usr/bin/env bash
# check-artifact-completeness.sh [release]: is each of the 40 artifacts here and proved? Without a release, the last one filed.
exec "$(dirname "${BASH_SOURCE[0]}")/../kanit" artifacts "$@"
