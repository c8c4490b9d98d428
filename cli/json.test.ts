import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { everyCommand, makeProgram } from "./program.ts";
import { type CommandLine, openCommandLine } from "./testing/command-line.ts";
import { silentContext } from "./testing/silent-context.ts";

/** The one shape of every command's answer, as docs/command-line.md says it. */
const answerSchema = z.strictObject({
  command: z.string().nullable(),
  verdict: z.enum(["pass", "fail", "inconclusive"]).nullable(),
  exitCode: z.number().nullable(),
  error: z
    .strictObject({ code: z.string(), message: z.string(), nextStep: z.string(), lines: z.array(z.string()) })
    .nullable(),
  result: z.record(z.string(), z.unknown()).nullable(),
});

let kanit: CommandLine;
beforeAll(async () => {
  kanit = await openCommandLine();
});
afterAll(async () => {
  await kanit[Symbol.asyncDispose]();
});

/** The answer, which must be all of standard output, and one line. */
async function answerOf(words: string) {
  const { stdout, exitCode } = await kanit.run([...words.split(" "), "--json"]);
  expect(stdout).toMatch(/^\{[^\n]*\}\n$/);
  return { answer: answerSchema.parse(JSON.parse(stdout)), exitCode };
}

describe("with --json", () => {
  it("every command can be called", () => {
    const commands = everyCommand(makeProgram(silentContext())).filter(
      ({ commands }) => commands.length === 0,
    );
    expect(commands.length).toBeGreaterThan(20);
    const without = commands.filter(({ options }) => !options.some(({ long }) => long === "--json"));
    expect(without.map((command) => command.name())).toEqual([]);
  });

  it.each([
    [
      "list",
      "list",
      {
        scenarios: expect.arrayContaining([expect.objectContaining({ name: "steady-state" })]),
        warnings: [],
      },
    ],
    ["status", "status", { labs: [] }],
    ["version", "version", expect.objectContaining({ installation: "checkout", node: process.version })],
    ["export grafana", "export", { text: expect.stringContaining('"panels"') }],
    ["completion fish", "completion", { script: expect.stringContaining("complete -c kanit") }],
  ])(
    "`kanit %s` answers with what it shows otherwise, and judges nothing",
    async (words, command, result) => {
      const { answer, exitCode } = await answerOf(words);
      expect(exitCode).toBe(0);
      expect(answer).toEqual({ command, verdict: null, exitCode: 0, error: null, result });
    },
  );

  it.each([
    ["run no-such-scenario", "run", 64, "unknown-scenario"],
    ["heal", "heal", 64, "no-such-lab"],
    ["blast http://example.com v1 1", "blast", 77, "host-not-allowed"],
    ["frobnicate", null, 64, "wrong-usage"],
  ])(
    "`kanit %s` answers with the error, and says it to a person too",
    async (words, command, code, error) => {
      const { answer, exitCode } = await answerOf(words);
      expect(exitCode).toBe(code);
      expect(answer).toMatchObject({
        command,
        verdict: null,
        exitCode: code,
        error: { code: error },
        result: null,
      });
    },
  );

  it("a command that judges answers with its verdict, which its exit code says too", async () => {
    const folder = await mkdtemp(join(kanit.temporaryDirectory, "run-"));
    await writeFile(join(folder, "journal.jsonl"), "");
    const { answer, exitCode } = await answerOf(`verify ${folder}`);
    expect(exitCode).toBe(2);
    expect(answer).toMatchObject({ command: "verify", verdict: "inconclusive", exitCode: 2 });
    expect(answer.result?.findings).toEqual(
      expect.arrayContaining([expect.objectContaining({ verdict: "inconclusive" })]),
    );
    await rm(folder, { recursive: true });
  });

  it("a lab that is brought up answers when it is ready, and goes on", async () => {
    const out = join(kanit.temporaryDirectory, "out");
    const up = kanit.start(["up", "--json", "--out", out]);
    const [line] = await up.until(/^\{.*\}$/m);
    const { answer, exitCode } = { answer: answerSchema.parse(JSON.parse(line)), exitCode: null };
    expect(answer).toMatchObject({ command: "up", verdict: null, exitCode, error: null });
    const status = await answerOf("status");
    expect(status.answer.result?.labs).toMatchObject([{ lab: answer.result?.lab, leases: [] }]);
    const injected = await answerOf("inject postgres latency latency=5");
    expect(injected.answer.result).toMatchObject({ lab: answer.result?.lab, forMs: null });
    const logs = z.string().parse(answer.result?.logDirectory);
    expect((await stat(logs)).isDirectory()).toBe(true);
    up.process.kill("SIGINT");
    const { stdout } = await up.ended;
    expect(stdout.trimEnd()).toBe(line);
    expect(await readFile(join(logs, "spark.log"), "utf8")).toContain("listening");
  }, 60_000);
});
