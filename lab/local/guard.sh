#!/bin/sh
# sh -c "$(cat guard.sh)" guard.sh SIGNAL MARK CGROUP COMMAND [ARGUMENT…]
# Runs COMMAND for as long as this script's standard input stays open. The lab's runner holds the other end: when the
# runner closes it, or dies in any way, SIGKILL included, the kernel closes it, and COMMAND is ended with SIGNAL, after
# two seconds with SIGKILL together with all that it started. To be started as leader of its own session. Exits with
# COMMAND's exit code.
#
# What COMMAND started is found, also when it left the session: by MARK in its environment, by its parents, by the
# session, and where the kernel lets this user make control groups, by CGROUP (`-` for none), which nothing leaves.
# Where there is no /proc (macOS), only the process group is found.
signal=$1
mark=$2
cgroup=$3
shift 3
exec 3<&0 </dev/null

# Adds to $found, as ` pid@start`, each process that belongs to COMMAND. Those that are in it stay in it: a process whose
# parent has just ended is not lost.
find_started() {
  for environment in $(grep -lsF "KANIT_LAB_PROCESS=$mark" /proc/[0-9]*/environ); do
    environment=${environment#/proc/}
    marked="$marked ${environment%/environ} "
  done
  grown=yes
  while [ "$grown" = yes ]; do
    grown=no
    for stat in /proc/[0-9]*/stat; do
      read -r line <"$stat" || continue
      pid=${line%% *}
      # After the name, which may hold any character: state, parent, group, session, …, start (man 5 proc_pid_stat).
      # shellcheck disable=SC2086
      set -- ${line##*) }
      [ "$1" != Z ] && [ "$pid" != "$$" ] && [ "$pid" != "$self" ] && [ "$pid" != "$watcher" ] || continue
      case $found in *" $pid@${20} "*) continue ;; esac
      [ "$4" = "$$" ] || case "$marked$found" in *" $pid "* | *" $2@"*) ;; *) continue ;; esac
      found="$found $pid@${20} "
      grown=yes
    done
  done
}

# Sends a signal to each process in $found that still is the same one. Fails when there is none.
send_found() {
  remaining=1
  for process in $found; do
    pid=${process%@*}
    read -r line <"/proc/$pid/stat" || continue
    # shellcheck disable=SC2086
    set -- "$1" ${line##*) }
    [ "$2" != Z ] && [ "${21}" = "${process#*@}" ] || continue
    kill -s "$1" "$pid" && remaining=0
  done
  return "$remaining"
}

# Waits two seconds at most for a command to fail.
wait_while() {
  tries=0
  while [ "$tries" -lt 40 ] && "$@"; do
    sleep 0.05
    tries=$((tries + 1))
  done
}

# A control group is removed when the last process in it has ended.
is_occupied() {
  ! rmdir "$cgroup/$mark"
}

# Ends all that is left of COMMAND, of which some was found. They are stopped first, so that none starts another one unseen.
end_started() {
  [ "$cgroup" = - ] || echo 1 >"$cgroup/$mark/cgroup.kill"
  before=
  tries=0
  while [ "$found" != "$before" ] && [ "$tries" -lt 20 ]; do
    send_found STOP
    before=$found
    find_started
    tries=$((tries + 1))
  done
  send_found KILL
  wait_while send_found 0
  [ "$cgroup" = - ] || { wait_while is_occupied && rmdir "$cgroup"; }
}

found=
marked=
watcher=
self=$$
[ "$cgroup" = - ] || mkdir -p "$cgroup/$mark" 2>/dev/null || cgroup=-
(
  exec 3<&-
  # The process that writes 0 is the one that enters.
  [ "$cgroup" = - ] || { echo 0 >"$cgroup/$mark/cgroup.procs"; } 2>/dev/null
  export KANIT_LAB_PROCESS="$mark"
  exec "$@"
) &
child=$!
{
  while read -r _ <&3; do :; done
  # From here on this watcher has the last word, so the TERM below must not end it.
  trap '' TERM
  read -r self _ </proc/self/stat
  # Before the signal: children whose parent has ended are found by their parents no more.
  marked=" $child "
  find_started
  kill -s "$signal" "$child"
  wait_while kill -0 "$child"
  end_started
  kill -s KILL -- "-$$"
} 2>/dev/null &
watcher=$!
exec 3<&-
wait "$child"
status=$?
trap '' TERM
{
  kill -s TERM -- "-$$"
  # The shell's own word on the watcher's end is not for COMMAND's log.
  wait "$watcher"
  find_started
  wait_while send_found 0
  end_started
} 2>/dev/null
exit "$status"
