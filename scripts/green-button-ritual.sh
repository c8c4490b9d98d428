#!/usr/bin/env bash
# The green button ritual of a release: green-button-ritual.sh v1.4.0 [--key <file>] …
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/../kanit" ritual "$@"
