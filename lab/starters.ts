import { setTimeout as delay } from "node:timers/promises";
import { readProcess } from "./local/process-table.ts";
import { isAlive, ownerOf, type ProcessOwner } from "./process-owner.ts";

const POLL_MS = 500;
/** `sh -c …`, for any shell, with its options in one word: whoever starts it waits for its command. */
const RUNS_A_COMMAND = /^(?:\S*\/)?(?:ba|da|a|z|k)?sh[\0 ]-[a-z]*c[\0 ]/;
const INIT_PID = 1;

/**
 * The processes on whose behalf this one runs: its parent, and as long as that is a shell with a command
 * (`npm` and `make` start theirs so), the parent of that too. None for a process that was started without: in
 * a container, as a service, or on Linux as a session leader (`setsid kanit up`).
 */
export async function startersOf(pid: number): Promise<readonly ProcessOwner[]> {
  const own = await readProcess(pid);
  if (own === null || own.sessionId === pid) return [];
  const starters: ProcessOwner[] = [];
  for (let parentPid = own.parentPid; parentPid > INIT_PID; ) {
    const parent = await readProcess(parentPid);
    // Another user's process, which this one cannot inspect.
    if (parent === null) break;
    starters.push(await ownerOf(parentPid));
    if (!RUNS_A_COMMAND.test(parent.commandLine)) break;
    parentPid = parent.parentPid;
  }
  return starters;
}

/** Resolves with the first of these processes that has ended; rejects when the signal is aborted. */
export async function untilOneEnds(
  starters: readonly ProcessOwner[],
  signal: AbortSignal,
): Promise<ProcessOwner> {
  for (;;) {
    for (const starter of starters) if (!(await isAlive(starter))) return starter;
    await delay(POLL_MS, undefined, { signal, ref: false });
  }
}
