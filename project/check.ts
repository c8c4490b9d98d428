/**
 * `npm test`: format, lint, types, layers, dead code, unit tests, scenarios, those that fail quickest first,
 * and labs in containers where an engine is available. `npm test -- unit types` runs some of the steps. A
 * failed step does not stop the later ones, and the last line counts them all.
 */
import { spawn } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { CACHE_DIRECTORY, PROJECT_DIRECTORY, TEST_RESULTS_DIRECTORY } from "./directories.ts";
import { type Step, type StepCount, toolStep } from "./step.ts";
import { containerCircumstances, quietCircumstances, type StepCircumstances } from "./step-circumstances.ts";
import { readStepTimes, slowerSteps, writeStepTimes } from "./step-times.ts";
import { vitestStep } from "./vitest-step.ts";

const PROGRAMS = join(PROJECT_DIRECTORY, "node_modules", ".bin");
const STEP_TIMES = join(CACHE_DIRECTORY, "step-times.json");
const OUT_OF_TIME: StepCount = { passed: 0, failed: 0, skipped: 1, failures: [] };

const STEPS: readonly Step[] = [
  toolStep("format and lint", "biome", "ci", "--error-on-warnings", "."),
  toolStep("types", "tsc"),
  toolStep("layers", "depcruise", "--output-type", "err", "."),
  toolStep("dead code", "knip"),
  vitestStep("unit"),
  vitestStep("processes"),
  vitestStep("measured", quietCircumstances),
  vitestStep("scenarios"),
  vitestStep("containers", containerCircumstances),
];

/** The result of a step, its duration, and a note for the reader. */
interface StepResult {
  readonly step: Step;
  readonly count: StepCount;
  readonly durationMs: number;
  readonly notes: readonly string[];
}

async function resultOf(step: Step): Promise<StepResult> {
  console.log(`\n── ${step.name}: ${step.command[0]}`);
  const circumstances = await step.circumstances();
  const startedAtMs = performance.now();
  const ended = await run(step.command, circumstances);
  const durationMs = performance.now() - startedAtMs;
  const notes = circumstances.note === null ? [] : [circumstances.note];
  if (ended !== "out of time") return { step, count: await step.count(ended), durationMs, notes };
  const late = `skipped: ${step.name}, which did not end in the remaining time`;
  return { step, count: OUT_OF_TIME, durationMs, notes: [...notes, late] };
}

/**
 * Runs a tool until it exits. Returns its exit code, or `out of time` when it was ended at its time limit.
 */
function run(
  [program, ...args]: Step["command"],
  { environment, limitMs }: StepCircumstances,
): Promise<number | "out of time"> {
  const env = { ...process.env, ...environment, PATH: `${PROGRAMS}:${process.env.PATH ?? ""}` };
  const child = spawn(join(PROGRAMS, program), args, {
    cwd: PROJECT_DIRECTORY,
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
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

function resultLine({ step, count, durationMs }: StepResult): string {
  const column = (value: number, width: number) => String(value).padStart(width);
  return (
    `${count.failed === 0 ? "✔" : "✘"} ${step.name.padEnd(16)} ${column(count.passed, 5)} passed ` +
    `${column(count.failed, 3)} failed ${column(count.skipped, 3)} skipped  ${(durationMs / 1_000).toFixed(1)} s`
  );
}

/** Reports which steps became slower, and keeps the times of those that passed for the next run. */
async function compareTimes(results: readonly StepResult[]): Promise<string[]> {
  const passed = results.filter(({ count }) => count.failed === 0 && count.skipped === 0);
  const now = Object.fromEntries(passed.map(({ step, durationMs }) => [step.name, durationMs]));
  const last = await readStepTimes(STEP_TIMES);
  await writeStepTimes(STEP_TIMES, last, now);
  return slowerSteps(last, now);
}

async function main(chosen: ReadonlySet<string>): Promise<void> {
  await rm(TEST_RESULTS_DIRECTORY, { recursive: true, force: true });
  await mkdir(TEST_RESULTS_DIRECTORY, { recursive: true });
  const results: StepResult[] = [];
  for (const step of STEPS)
    if (chosen.size === 0 || chosen.has(step.name)) results.push(await resultOf(step));
  console.log(`\n${results.map(resultLine).join("\n")}\n`);
  for (const note of results.flatMap(({ notes }) => notes)) console.log(note);
  for (const line of await compareTimes(results)) console.log(line);
  const failures = results.flatMap(({ step, count }) =>
    count.failures.map((failure) => `✘ ${step.name}: ${failure}`),
  );
  if (failures.length > 0) console.log(`${failures.join("\n\n")}\n`);
  const sum = (key: "passed" | "failed" | "skipped") =>
    results.reduce((total, { count }) => total + count[key], 0);
  const skipped = sum("skipped") > 0 ? `, ${sum("skipped")} skipped` : "";
  console.log(`${sum("passed")} passed, ${sum("failed")} failed${skipped}`);
  process.exitCode = sum("failed") === 0 && sum("passed") > 0 ? 0 : 1;
}

await main(new Set(process.argv.slice(2)));
