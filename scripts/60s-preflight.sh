#!/usr/bin/env bash
# 60s-preflight.sh <release>: ten checks side by side within a minute, and their evidence. Exit code 0 only when all passed.
exec "$(dirname "${BASH_SOURCE[0]}")/../kanit" preflight "$@"
