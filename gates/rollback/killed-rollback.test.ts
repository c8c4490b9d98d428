import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readRollbackJournal } from "./rollback-journal.ts";
import { rehearse } from "./testing/rehearsed-rollback.ts";

const PROGRAM = fileURLToPath(new URL("testing/rollback-program.ts", import.meta.url));

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "kanit-rollback-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Runs the program, and kills it with SIGKILL once it has printed this line. */
async function killAfter(folder: string, last: string): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, folder, last], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === last) child.kill("SIGKILL");
  }
  const [, signal] = await closed;
  expect(signal).toBe("SIGKILL");
}

const LINES = [
  "rollback.requested",
  "step.begun traffic",
  "step.done traffic",
  "step.begun kill-switch",
  "step.done kill-switch",
  "step.begun previous-version",
  "step.done previous-version",
  "users.read",
  "rollback.ended",
] as const;

describe("a rollback that is killed with SIGKILL", () => {
  it.each(LINES)(
    "after %s is ended by the same command, and its time counts from the first request",
    async (line) => {
      const folder = await mkdtemp(join(root, "killed-"));
      await killAfter(folder, line);
      const before = await readRollbackJournal(join(folder, "journal"));
      const first = before.entries.find(({ kind }) => kind === "rollback.requested");

      const { kind, verdict, state } = await rehearse({ folder });

      expect({ kind, verdict }).toEqual({
        kind: line === "rollback.ended" ? "already-done" : "resumed",
        verdict: "pass",
      });
      expect(state).toMatchObject({ processes: 2, request: first?.data });
      const acts = (await readFile(join(folder, "acts"), "utf8")).trim().split("\n");
      // What had begun and was not known to be done is done again, and nothing else is.
      const begun = /^step\.begun (.*)$/.exec(line)?.[1];
      expect([...new Set(acts)]).toEqual(["traffic", "kill-switch", "previous-version"]);
      expect(acts.filter((act) => act !== begun)).toHaveLength(begun === undefined ? 3 : 2);
      const { entries } = await readRollbackJournal(join(folder, "journal"));
      expect(entries.filter(({ kind }) => kind === "rollback.requested")).toHaveLength(1);
      expect(entries.filter(({ kind }) => kind === "rollback.filed")).toHaveLength(1);
      expect(entries.at(-1)?.kind).toBe("rollback.released");
    },
  );
});
