import { appendFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readJournal, readRunRecord, verifyJournal } from "../evidence/index.ts";
import { type CommandLine, openCommandLine } from "./testing/command-line.ts";

const RUNS = fileURLToPath(new URL("../reports/out", import.meta.url));
const PATIENCE_MS = 180_000;
const STOPPED_FOR_MS = 8_000;

let kanit: CommandLine;
beforeAll(async () => {
  kanit = await openCommandLine();
});
afterAll(async () => {
  await kanit[Symbol.asyncDispose]();
}, PATIENCE_MS);

/** Seeds that no other run has, since a run's folder is found by its seed. */
const seedOf = (number: number) => 1_000_000 + process.pid * 10 + number;

/** The folder of the run with a seed, removed after the test. */
async function runFolder(seed: number): Promise<AsyncDisposable & { readonly path: string }> {
  const [name] = (await readdir(RUNS)).filter((entry) => entry.includes(`-seed${seed}-`));
  expect(name, `the run with seed ${seed}`).toBeDefined();
  const path = join(RUNS, name ?? "none");
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

async function journalKinds(folder: string): Promise<readonly string[]> {
  const kinds: string[] = [];
  for await (const entry of readJournal(join(folder, "journal.jsonl"))) kinds.push(entry.kind);
  return kinds;
}

const startRun = (scenario: string, seed: number) =>
  kanit.start(["run", scenario, "--seed", String(seed), "--tape", "synthetic"]);
const untilNothingIsLeft = () =>
  expect.poll(() => kanit.leftovers(), { timeout: 5_000, interval: 100 }).toEqual([]);

describe("a run", { timeout: PATIENCE_MS }, () => {
  it("that is interrupted during a fault heals it, files its results, and is inconclusive", async () => {
    const seed = seedOf(1);
    const run = startRun("pg-outage", seed);
    await run.until(/fault {2}postgres is down|fault {2}\S/);
    run.process.kill("SIGINT");
    const { exitCode, stdout, stderr } = await run.ended;
    await using folder = await runFolder(seed);

    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: "" });
    expect(stdout).toMatch(/^ +\d.* s {2}healed /m);
    expect(stdout).toMatch(/^INCONCLUSIVE/m);
    expect(stdout).toMatch(/1 of 1 not run: pg-outage \(broken off \d.*s into fault: Interrupted by SIGINT/);
    expect(await kanit.leftovers()).toEqual([]);

    const kinds = await journalKinds(folder.path);
    expect(kinds.indexOf("fault.healed")).toBeGreaterThan(kinds.indexOf("fault.injected"));
    expect(kinds).toContain("run.ended");
    expect(await readFile(join(folder.path, "index.html"), "utf8")).toContain("<html");
    expect(await readRunRecord(join(folder.path, "run.json"))).toMatchObject({ verdict: "inconclusive" });

    const [, head = ""] = /^Verify {2}.* --head (\w{64})$/m.exec(stdout) ?? [];
    const verified = await kanit.run(["verify", folder.path, "--head", head]);
    expect(verified, verified.stdout).toMatchObject({ exitCode: 0, stderr: "" });
    await appendFile(join(folder.path, "summary.md"), "and all was well\n");
    const changed = await kanit.run(["verify", folder.path]);
    expect(changed.exitCode).toBe(1);
    expect(changed.stdout).toContain("summary.md: was changed");
  });

  it("that is paused during a fault is inconclusive and never failed, and says why", async () => {
    const seed = seedOf(4);
    const run = startRun("pg-outage", seed);
    await run.until(/fault {2}\S/);
    run.process.kill("SIGSTOP");
    await delay(STOPPED_FOR_MS);
    run.process.kill("SIGCONT");
    const { exitCode, stdout } = await run.ended;
    await using folder = await runFolder(seed);
    const { scenarios } = await readRunRecord(join(folder.path, "run.json"));
    const checks = scenarios[0]?.checks ?? [];
    expect(checks.filter(({ verdict }) => verdict === "fail")).toEqual([]);
    expect(checks.find(({ name }) => name === "runner")?.received).toMatch(
      /^the runner itself did not run for \d+\.\d s$/,
    );
    expect(exitCode, stdout).toBe(2);
  });

  it("that is killed leaves a journal that is readable up to that point", async () => {
    const seed = seedOf(2);
    const run = startRun("steady-state", seed);
    await run.until(/▸ steady-state/);
    run.process.kill("SIGKILL");
    await run.ended;
    await untilNothingIsLeft();
    await using folder = await runFolder(seed);

    expect(await journalKinds(folder.path)).toEqual(
      expect.arrayContaining(["run.started", "lab.ready", "run.environment", "scenario.started"]),
    );
    const verified = await verifyJournal(join(folder.path, "journal.jsonl"));
    expect(["intact", "torn"]).toContain(verified.kind);
    expect(verified).not.toMatchObject({ end: { kind: "stated" } });
    const unfinished = await kanit.run(["verify", folder.path]);
    expect(unfinished.exitCode).toBe(2);
    expect(unfinished.stdout).toContain("the run did not end");

    const journal = await readFile(join(folder.path, "journal.jsonl"), "utf8");
    await writeFile(join(folder.path, "journal.jsonl"), journal.replace("steady-state", "another-one"));
    const forged = await kanit.run(["verify", folder.path]);
    expect(forged.exitCode).toBe(1);
    expect(forged.stdout).toMatch(/journal: line \d+ was changed/);
  });

  it("that is interrupted while its lab starts reports no defect, and leaves nothing", async () => {
    const seed = seedOf(3);
    const run = startRun("steady-state", seed);
    // Its journal begins before its lab does.
    await expect
      .poll(() => readdir(RUNS), { timeout: 20_000 })
      .toContainEqual(expect.stringContaining(`-seed${seed}-`));
    run.process.kill("SIGINT");
    const { exitCode, stderr } = await run.ended;
    await using folder = await runFolder(seed);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(
        /^kanit: Interrupted by SIGINT after [\d.]+ m?s\. There is no result\.\n$/,
      ),
    });
    await untilNothingIsLeft();
    expect(await kanit.run(["verify", folder.path])).toMatchObject({ exitCode: 2 });
  });
});
