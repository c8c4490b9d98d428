#!/bin/sh
# sh -c "$(cat guard.sh)" guard.sh SIGNAL DIRECTORY COMMAND [ARGUMENT…]
# Runs COMMAND for as long as this script's standard input stays open. The lab's runner holds the other end:
# when the runner closes it, or dies in any way, SIGKILL included, the kernel closes it, and COMMAND is ended
# with SIGNAL, after two seconds with SIGKILL together with all that it started. DIRECTORY (`-` for none) is
# removed then. To be started as leader of its own process group. Exits with COMMAND's exit code.
signal=$1
directory=$2
shift 2
exec 3<&0 </dev/null
"$@" 3<&- &
child=$!
{
  while read -r _ <&3; do :; done
  # From here on this watcher has the last word, so the TERM below must not end it.
  trap '' TERM
  kill -s "$signal" "$child"
  tries=0
  while [ "$tries" -lt 40 ] && kill -0 "$child"; do
    sleep 0.05
    tries=$((tries + 1))
  done
  [ "$directory" = - ] || rm -rf "$directory"
  kill -s KILL -- "-$$"
} 2>/dev/null &
watcher=$!
exec 3<&-
wait "$child"
status=$?
trap '' TERM
kill -s TERM -- "-$$"
# The shell's own word on the watcher's end is not for COMMAND's log.
wait "$watcher" 2>/dev/null
exit "$status"
