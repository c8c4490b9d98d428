#!/usr/bin/env bash
# micro-blast-radius-test.sh <url> <release> <seconds>: probes a canary before the first traffic. Exit code 0 is GO.
# An address of the documentation, such as https://canary, stands for the one of release.yml, or else for a lab.
exec "$(dirname "${BASH_SOURCE[0]}")/../kanit" blast --rehearse "$@"
