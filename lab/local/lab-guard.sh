#!/bin/sh
# sh -c "$(cat lab-guard.sh)" lab-guard.sh MARK DIRECTORY CGROUP
# Waits for as long as its standard input stays open. The lab's runner holds the other end: when the runner dies in any
# way, SIGKILL included, the kernel closes it. What the guards of the lab's processes (guard.sh) leave is then ended,
# since they may have been killed too: every process with MARK in its environment, and all in the control groups below
# CGROUP (`-` for none). Then DIRECTORY, the lab's own folder, is removed. When `logs` came on standard input, the logs in
# it stay.
mark=$1
directory=$2
cgroup=$3

# Finds the processes of the lab; fails when there is none, or where there is no /proc (macOS).
find_marked() {
  marked=$(grep -lsF -e "$mark" /proc/[0-9]*/environ | tr -dc '0-9\n')
  [ -n "$marked" ]
}

are_guards_left() {
  find_marked || return 1
  for pid in $marked; do
    grep -qsF "guard.sh" "/proc/$pid/cmdline" && return 0
  done
  return 1
}

# Waits for a command to fail, $1 looks at most.
wait_while() {
  looks=$1
  shift
  while [ "$looks" -gt 0 ] && "$@"; do
    sleep 0.05
    looks=$((looks - 1))
  done
}

kill_marked() {
  find_marked || return 1
  # shellcheck disable=SC2086
  kill -s KILL $marked
}

remove_groups() {
  for group in "$cgroup"/*/; do
    rmdir "$group"
  done
  [ -d "$cgroup" ] && ! rmdir "$cgroup"
}

end_groups() {
  [ "$cgroup" != - ] && [ -d "$cgroup" ] || return 0
  echo 1 >"$cgroup/cgroup.kill"
  wait_while 100 remove_groups
}

# A Postgres that was killed leaves the segment of shared memory that its pid file names in line 7, as `key id`.
remove_shared_memory() {
  for file in "$directory"/*/data/postmaster.pid; do
    segment=$(sed -n '7s/.* //p' "$file") && [ -n "$segment" ] && ipcrm -m "$segment"
  done
}

# Fails when nothing is left to remove. A process that is just ending may still write into the folder.
remove_directory() {
  left=no
  for entry in "$directory"/* "$directory"/.[!.]*; do
    [ "$kept" != "${entry##*/}" ] || continue
    rm -rf "$entry"
    [ ! -e "$entry" ] || left=yes
  done
  rmdir "$directory"
  [ "$left" = yes ] || { [ -e "$directory" ] && [ "$kept" = - ]; }
}

kept=-
while read -r word; do
  kept=$word
done
{
  # Guards take up to five seconds for a process that does not end when it is asked to.
  wait_while 140 are_guards_left
  end_groups
  wait_while 100 kill_marked
  remove_shared_memory
  wait_while 100 remove_directory
} 2>/dev/null
exit 0
