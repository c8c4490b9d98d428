#!/bin/sh
# sh -c "$(cat hold.sh)" hold.sh SECONDS PAUSE RESUME TARGET…
# Evaluates PAUSE, says `paused`, and evaluates RESUME after SECONDS, or as soon as it gets a TERM. Both find the targets as
# their arguments. Run under guard.sh, which sends that TERM when the lab's runner dies: whatever stands still goes on.
seconds=$1
pause=$2
resume=$3
shift 3
# From before the pause on: there is no moment in which it stands and nobody would end it.
trap 'trap "" TERM; eval "$resume"; exit' TERM
eval "$pause" || exit
echo paused
sleep "$seconds" &
wait "$!"
eval "$resume"
