import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { GuardedProcess } from "./guarded-process.ts";

const POLL_MS = 5;
/** The line of `postmaster.pid` with the server's own status (`LOCK_FILE_LINE_PM_STATUS`), counted from 0. */
const STATUS_LINE = 7;

/** Resolves when a server's `postmaster.pid` says that it is ready. */
export async function untilPostgresReady(pidFile: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const text = await readFile(pidFile, "utf8").catch(() => "");
    if (text.split("\n")[STATUS_LINE]?.trim() === "ready") return;
    await delay(POLL_MS, undefined, { signal });
  }
}

/** Ends a server so that its data directory can be copied and started without recovery. */
export async function shutDownPostgres(server: GuardedProcess, pidFile: string): Promise<void> {
  const [pid] = (await readFile(pidFile, "utf8")).split("\n");
  const gone = server.exited();
  process.kill(Number(pid), "SIGINT");
  await gone;
}
