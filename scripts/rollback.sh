#!/usr/bin/env bash
# rollback.sh -Reason <text> -Stage <percent> [release] [option of kanit rollback …]: takes the canary back.
# Takes the options as rollback.ps1 spells them, and as kanit does (--reason, --stage, --dry-run). Exit code 0: users are well.
set -euo pipefail
words=()
for word in "$@"; do
  case "$word" in
    -Reason) words+=(--reason) ;;
    -Stage) words+=(--stage) ;;
    -Release) ;;
    -DryRun) words+=(--dry-run) ;;
    *) words+=("$word") ;;
  esac
done
exec "$(dirname "${BASH_SOURCE[0]}")/../kanit" rollback "${words[@]}"
