#!/usr/bin/env bash
# snapshot-metrics.sh <stage> [release]: files what metrics, database, pools and logs say at a stage of the canary: 1, 5, 25, 50
# or 100 (percent). Without a release, the last one filed. Exit code 2 when something could not be had.
exec "$(dirname "${BASH_SOURCE[0]}")/../kanit" snapshot "$@"
