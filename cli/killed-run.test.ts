import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readJournal } from "../evidence/index.ts";
import { type CommandLine, openCommandLine } from "./testing/command-line.ts";

const PATIENCE_MS = 180_000;

let kanit: CommandLine;
let out: string;
let runs = 0;
beforeAll(async () => {
  kanit = await openCommandLine();
});
beforeEach(() => {
  out = join(kanit.temporaryDirectory, `out-${++runs}`);
});
afterAll(async () => {
  await kanit[Symbol.asyncDispose]();
}, PATIENCE_MS);

const start = (...words: readonly string[]) =>
  kanit.start(["run", ...words, "--tape", "synthetic"], { KANIT_OUT: out });

/** The folder of the only run in `out`, once there is one. */
async function runFolder(): Promise<string> {
  await expect.poll(() => readdir(out).catch(() => []), { timeout: PATIENCE_MS }).toHaveLength(1);
  return join(out, (await readdir(out))[0] ?? "none");
}

async function kindsIn(folder: string): Promise<readonly string[]> {
  const kinds: string[] = [];
  for await (const { kind } of readJournal(join(folder, "journal.jsonl"))) kinds.push(kind);
  return kinds;
}
const untilFiled = (folder: string, kind: string) =>
  expect.poll(() => kindsIn(folder), { timeout: PATIENCE_MS }).toContain(kind);

describe("a run", { timeout: PATIENCE_MS }, () => {
  it("that is killed after a fail keeps it: verify and report say so, as often as they are asked", async () => {
    const run = start("steady-state", "db-latency", "--env", "SPARK_DEFECTS=number-amounts");
    await run.until(/▸ db-latency/);
    run.process.kill("SIGKILL");
    await run.ended;
    const folder = await runFolder();

    for (let time = 0; time < 2; time++) {
      const verified = await kanit.run(["verify", folder]);
      expect(verified.stdout).toContain(`known: the run had found a fail; \`kanit report ${folder}\``);
      expect(verified.exitCode, verified.stdout).toBe(1);
      const reported = await kanit.run(["report", folder]);
      expect(reported.stdout).toMatch(/^FAIL {2}steady-state, db-latency \(rebuilt from the journal\)/m);
      expect(reported).toMatchObject({ exitCode: 1, stderr: "" });
    }
    expect((await readdir(folder)).sort()).toEqual(
      ["index.html", "journal.jsonl", "junit.xml", "logs", "run.json", "summary.md"].sort(),
    );
  });

  it("whose output nobody reads any more goes on, and its evidence is whole", async () => {
    const run = start("pg-outage");
    await run.until(/^lab \S+ ready/m);
    run.process.stdout?.destroy();
    const folder = await runFolder();
    await untilFiled(folder, "phase.started");
    run.process.kill("SIGHUP");
    expect(await run.ended).toMatchObject({ exitCode: 2, stderr: "" });
    expect(await kanit.run(["verify", folder])).toMatchObject({ exitCode: 0 });
  });

  it("whose folder is removed says so, and never passes", async () => {
    const run = start("steady-state");
    await run.until(/▸ steady-state/);
    await rm(await runFolder(), { recursive: true });
    const { exitCode, stdout, stderr } = await run.ended;
    expect(stdout).toMatch(/^warning: Expected the run's journal at .*, but it was removed or replaced/m);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: "" });
  });
});
