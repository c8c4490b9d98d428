#!/bin/sh
# Plants each defect of desk/settings.py in turn, and shows by which checks of which scenario kanit finds it.
set -u
cd "$(dirname "$0")" && sh install.sh || exit
found=0
planted=0
while read -r defect scenario; do
  planted=$((planted + 1))
  result=$(../../kanit run "$scenario" --platform platform.yml --env "DESK_DEFECTS=$defect" --out "${KANIT_OUT:-../../reports/out}" --json)
  checks=$(printf '%s' "$result" | .venv/bin/python -c '
import json, sys
for scenario in json.load(sys.stdin)["result"]["scenarios"]:
    print(", ".join(check["name"] for check in scenario["checks"] if check["verdict"] == "fail"))')
  [ -n "$checks" ] && found=$((found + 1))
  echo "$defect | $scenario | ${checks:-not found}"
done <<LIST
resend binance-ack-lost
partial-as-done venue-quirks
ignore-gaps feed-gap
half-booked pg-outage
float-money steady-state
check-then-insert steady-state
LIST
echo "$found of $planted found"
[ "$found" = "$planted" ]
