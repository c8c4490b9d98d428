import { setTimeout as delay } from "node:timers/promises";
import { readProcess } from "./local/process-table.ts";
import { isAlive, ownerOf, type ProcessOwner } from "./process-owner.ts";

const POLL_MS = 500;
/** `sh -c …`, for any shell, with its options in one word: whoever starts it waits for its command. */
const RUNS_A_COMMAND = /^(?:\S*\/)?(?:ba|da|a|z|k)?sh[\0 ]-[a-z]*c[\0 ]/;
/** What started the first process of a container has no id inside. */
const OUTSIDE_PID = 0;
const INIT_PID = 1;

/** The processes for which another one runs, or that one of them has ended already. */
export type Starters =
  | { readonly kind: "running"; readonly processes: readonly ProcessOwner[] }
  | { readonly kind: "ended" };

/**
 * The processes on whose behalf this one runs: its parent, and as long as that is a shell with a command
 * (`npm` and `make` start theirs so), the parent of that too. None for a process that was started without: in
 * a container, as a service, or on Linux as a session leader (`setsid kanit up`).
 *
 * @param read How a process is looked up.
 */
export async function startersOf(pid: number, read = readProcess): Promise<Starters> {
  const processes: ProcessOwner[] = [];
  for (let child = await read(pid); child !== null && child.sessionId !== child.pid; ) {
    const { parentPid } = child;
    if (parentPid === OUTSIDE_PID) break;
    const parent = await read(parentPid);
    // It has ended between the two looks: its child has another parent now, or has ended with it.
    if (parent === null && (await read(child.pid))?.parentPid !== parentPid) return { kind: "ended" };
    // A process begins in its parent's session: one of another session adopted it when its parent had ended.
    if (parent !== null && parent.sessionId !== child.sessionId) return { kind: "ended" };
    // Another user's process, which this one cannot inspect.
    if (parent === null || parentPid === INIT_PID) break;
    processes.push(await ownerOf(parentPid));
    if (!RUNS_A_COMMAND.test(parent.commandLine)) break;
    child = parent;
  }
  return { kind: "running", processes };
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
