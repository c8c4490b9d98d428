#!/usr/bin/env bash
# run-of-show.sh <release>: carries out a release by its timeline, from the freeze to its lift. --plan prints it.
exec "$(dirname "${BASH_SOURCE[0]}")/../kanit" run-of-show "$@"
