import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandLine, openCommandLine, type RunningCommand } from "./testing/command-line.ts";

const PATIENCE_MS = 180_000;

let kanit: CommandLine;
let up: RunningCommand;
let health = "";
beforeAll(async () => {
  kanit = await openCommandLine();
  up = kanit.start(["up", "--tape", "synthetic"]);
  await up.until(/Ctrl-C stops it/);
  health = `${/platform +(\S+)/.exec(up.said())?.[1]}/api/healthz`;
}, PATIENCE_MS);
afterAll(async () => {
  await kanit[Symbol.asyncDispose]();
}, PATIENCE_MS);

async function said(...args: readonly string[]): Promise<string> {
  const ended = await kanit.run(args);
  expect(ended, args.join(" ")).toMatchObject({ exitCode: 0, stderr: "" });
  return ended.stdout;
}

/** What `status` prints about a process of the lab. */
async function stateOf(process: string): Promise<string | undefined> {
  return new RegExp(`^  process ${process} +(.*)$`, "m").exec(await said("status"))?.[1];
}

async function answers(): Promise<boolean> {
  return fetch(health, { signal: AbortSignal.timeout(1_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
}

describe("the processes of a lab, controlled by hand", { timeout: PATIENCE_MS }, () => {
  it("are listed with their use of the CPU", async () => {
    for (const process of ["proxy", "exchanges", "postgres", "pgbouncer", "spark"]) {
      expect(await stateOf(process)).toMatch(/^\d+\.\d % of a processor {2}runs$/);
    }
  });

  it("are paused for a time, and resumed immediately when the lab is healed", async () => {
    expect(await said("pause", "spark", "--for", "10m")).toContain("is paused for 10 min");
    expect(await answers()).toBe(false);
    expect(await stateOf("spark")).toMatch(/paused for another 9 min/);
    const again = await kanit.run(["pause", "spark"]);
    expect([again.exitCode, again.stderr]).toEqual([64, expect.stringContaining("paused already")]);
    await said("heal");
    expect(await stateOf("spark")).toMatch(/runs$/);
    await expect.poll(answers, { timeout: 10_000 }).toBe(true);
  });

  it("are resumed by themselves after their time", async () => {
    await said("pause", "postgres", "--for", "500ms");
    await expect.poll(() => stateOf("postgres"), { timeout: 20_000 }).toMatch(/runs$/);
  });

  it("are listed although the fault proxy or the exchanges are paused", async () => {
    await said("pause", "proxy", "--for", "10m");
    await said("pause", "exchanges", "--for", "10m");
    const status = await said("status");
    expect(status).toMatch(/process proxy .* paused for another/);
    expect(status).toContain("links: unknown while");
    await said("heal");
    expect(await said("status")).toMatch(/^ {2}postgres .* clean$/m);
  });

  it("are killed, with a restart of the platform", async () => {
    expect(await said("kill", "spark")).toMatch(/^spark in lab \w+ was killed, and listened again after /);
    await expect.poll(answers, { timeout: 10_000 }).toBe(true);
    expect(up.process.exitCode).toBeNull();
  });

  it("are killed for good, which status shows", async () => {
    expect(await said("kill", "exchanges")).toContain("Nothing restarts it: `kanit down`");
    expect(up.process.exitCode).toBeNull();
    expect(await kanit.run(["kill", "exchanges"])).toMatchObject({ exitCode: 64 });
  });

  it.each([
    [["pause", "oracle"], "These run: "],
    [["pause", "spark", "--for", "50ms"], "from 100 ms to 24h"],
    [["kill", "spark", "--down", "soon"], "a duration such as 250ms"],
  ])("report what is wrong with %j", async (args, message) => {
    const { exitCode, stderr } = await kanit.run(args);
    expect([exitCode, stderr]).toEqual([64, expect.stringContaining(message)]);
  });

  it("do not stay paused when the lab's command is killed: nothing is left", async () => {
    await said("pause", "spark", "--for", "24h");
    await said("pause", "postgres", "--for", "24h");
    up.process.kill("SIGKILL");
    await once(up.process, "exit");
    await expect.poll(() => kanit.leftovers(), { timeout: 10_000, interval: 100 }).toEqual([]);
  });
});
