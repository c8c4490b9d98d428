#!/usr/bin/env bash
# generate-release-oneliner.sh <release>: the release in one line, its notes and a short analysis, from the evidence alone.
# Exit code 2 when the evidence lacks a number; the line then says which.
exec "$(dirname "${BASH_SOURCE[0]}")/../kanit" release-oneliner "$@"
