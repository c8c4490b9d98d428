/**
 * `npm test`: format, lint, types, layers, dead code, unit tests, scenarios, in the order in which they are
 * quick to fail, and labs in containers where they can be had. Every step runs whatever the one before said, and the last line counts them all.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { systemClock } from "../core/index.ts";
import { type ContainerTests, endContainerPreparation, findContainerTests } from "./container-tests.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const BIN = join(ROOT, "node_modules", ".bin");
const RESULTS = join(ROOT, "reports", "out", "test-results");

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed and why, to be read at the end of the output, where a log that was cut still has it. */
  readonly failures: readonly string[];
}

interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** A tool passes or fails as a whole; vitest is counted by its tests. */
  readonly count: (exitCode: number) => Promise<Count>;
  /** Asked when its turn comes. */
  readonly circumstances: () => Promise<Circumstances>;
}

/** What a step is run with. */
interface Circumstances {
  readonly environment: Readonly<Record<string, string>>;
  readonly limitMs: number | null;
  /** What the reader should know of it at the end. */
  readonly note: string | null;
}

const PREPARATION_PATIENCE_MS = 60_000;

const ordinary = async (): Promise<Circumstances> => ({ environment: {}, limitMs: null, note: null });

/** What is made ready beside the other tests is out of the way before the clock counts. */
async function quietCircumstances(): Promise<Circumstances> {
  await endContainerPreparation(process.env, systemClock, PREPARATION_PATIENCE_MS);
  return ordinary();
}

/** Where the labs in containers cannot be tested, their tests skip themselves for that reason. */
async function containerCircumstances(): Promise<Circumstances> {
  const found: ContainerTests = await findContainerTests(process.env, systemClock);
  return found.kind === "run"
    ? { ...found, note: null }
    : {
        environment: { KANIT_CONTAINER_TESTS: "off", KANIT_NO_CONTAINERS: found.why },
        limitMs: null,
        note: `skipped: the labs in containers, since ${found.why}`,
      };
}

const wholeStep = async (exitCode: number): Promise<Count> =>
  exitCode === 0
    ? { passed: 1, failed: 0, skipped: 0, failures: [] }
    : { passed: 0, failed: 1, skipped: 0, failures: ["see its output above"] };

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

function vitestFailures(report: z.infer<typeof vitestReport>): string[] {
  return report.testResults.flatMap((file) => {
    const path = relative(ROOT, file.name);
    const tests = file.assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ fullName, failureMessages }) => `${path} > ${fullName}\n${(failureMessages ?? []).join("\n")}`);
    return tests.length === 0 && file.status === "failed" ? [`${path}\n${file.message}`] : tests;
  });
}

function vitestStep(project: string, circumstances = ordinary): Step {
  const report = join(RESULTS, `${project}.json`);
  return {
    name: project,
    circumstances,
    command: [
      "vitest",
      "run",
      "--project",
      project,
      "--reporter=default",
      "--reporter=json",
      `--outputFile=${report}`,
    ],
    count: async (exitCode) => {
      if (!existsSync(report))
        return { passed: 0, failed: 1, skipped: 0, failures: ["no report was written"] };
      const parsed = vitestReport.parse(JSON.parse(await readFile(report, "utf8")));
      // A file that cannot even be loaded has no failed test, and still fails the run.
      const failed = exitCode !== 0 && parsed.numFailedTests === 0 ? 1 : parsed.numFailedTests;
      return {
        passed: parsed.numPassedTests,
        failed,
        skipped: parsed.numPendingTests + parsed.numTodoTests,
        failures: vitestFailures(parsed),
      };
    },
  };
}

const STEPS: readonly Step[] = [
  {
    name: "format and lint",
    command: ["biome", "ci", "--error-on-warnings", "."],
    count: wholeStep,
    circumstances: ordinary,
  },
  { name: "types", command: ["tsc"], count: wholeStep, circumstances: ordinary },
  {
    name: "layers",
    command: ["depcruise", "--output-type", "err", "."],
    count: wholeStep,
    circumstances: ordinary,
  },
  { name: "dead code", command: ["knip"], count: wholeStep, circumstances: ordinary },
  vitestStep("unit"),
  vitestStep("processes"),
  vitestStep("measured", quietCircumstances),
  vitestStep("scenarios"),
  vitestStep("containers", containerCircumstances),
];

/** Runs a tool to its end and gives its exit code, or `out of time` when it was ended at its limit. */
function run(
  [program, ...args]: Step["command"],
  { environment, limitMs }: Circumstances,
): Promise<number | "out of time"> {
  const env = { ...process.env, ...environment, PATH: `${BIN}:${process.env.PATH ?? ""}` };
  const child = spawn(join(BIN, program), args, { cwd: ROOT, env, stdio: ["ignore", "inherit", "inherit"] });
  let isOutOfTime = false;
  const end = () => {
    isOutOfTime = true;
    child.kill("SIGKILL");
  };
  const timer = limitMs === null ? null : setTimeout(end, limitMs);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      if (timer !== null) clearTimeout(timer);
      resolve(isOutOfTime ? "out of time" : (code ?? 1));
    });
  });
}

const notConcluded: Count = { passed: 0, failed: 0, skipped: 1, failures: [] };

async function main(): Promise<void> {
  await rm(RESULTS, { recursive: true, force: true });
  await mkdir(RESULTS, { recursive: true });
  const only = new Set(process.argv.slice(2));
  const total = { passed: 0, failed: 0, skipped: 0 };
  const lines: string[] = [];
  const failures: string[] = [];
  const notes: string[] = [];
  for (const step of STEPS.filter((candidate) => only.size === 0 || only.has(candidate.name))) {
    console.log(`\n── ${step.name}: ${step.command[0]}`);
    const startedAtMs = performance.now();
    const circumstances = await step.circumstances();
    const ended = await run(step.command, circumstances);
    const count = ended === "out of time" ? notConcluded : await step.count(ended);
    const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1);
    lines.push(
      `${count.failed === 0 ? "✔" : "✘"} ${step.name.padEnd(16)} ${String(count.passed).padStart(5)} passed ` +
        `${String(count.failed).padStart(3)} failed ${String(count.skipped).padStart(3)} skipped  ${seconds} s`,
    );
    failures.push(...count.failures.map((failure) => `✘ ${step.name}: ${failure}`));
    if (circumstances.note !== null) notes.push(circumstances.note);
    if (ended === "out of time")
      notes.push(`skipped: ${step.name}, which did not end in the time that was left`);
    total.passed += count.passed;
    total.failed += count.failed;
    total.skipped += count.skipped;
  }
  console.log(`\n${lines.join("\n")}\n`);
  for (const note of notes) console.log(note);
  if (failures.length > 0) console.log(`${failures.join("\n\n")}\n`);
  console.log(
    `${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`,
  );
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
}

await main();
