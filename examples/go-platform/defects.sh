#!/bin/sh
# Plants each defect of the platform in turn, and shows by which checks of which scenario kanit finds it.
set -u
cd "$(dirname "$0")" && sh build.sh || exit
found=0
planted=0
while read -r defect scenario; do
  planted=$((planted + 1))
  result=$(../../kanit run "$scenario" --platform platform.yml --env "BOURSE_DEFECT=$defect" --out "${KANIT_OUT:-../../reports/out}" --json)
  checks=$(printf '%s' "$result" | ../../node_modules/.bin/node -e '
    const { result } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
    const failed = result.scenarios.flatMap(({ checks }) => checks.filter(({ verdict }) => verdict === "fail"));
    console.log(failed.map(({ name }) => name).join(", "));')
  [ -n "$checks" ] && found=$((found + 1))
  echo "$defect | $scenario | ${checks:-not found}"
done <<LIST
retry-new-key btcturk-ack-lost
shown-canceled btcturk-quirks
forgotten-fill btcturk-feed-silent
stale-quotes btcturk-feed-silent
lost-update steady-state
LIST
echo "$found of $planted found"
[ "$found" = "$planted" ]
