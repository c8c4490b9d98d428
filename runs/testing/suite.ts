import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { SecretRegistry } from "../../core/index.ts";
import { readPlatformDefinition, SPARK_DEFINITION } from "../../definition/index.ts";
import type { CheckRecord, RunRecord, ScenarioRecord } from "../../evidence/index.ts";
import type { Scenario } from "../../harness/index.ts";
import { INSTALLATION, outDirectory } from "../../installation/index.ts";
import { labTemporaryDirectory, readMarket } from "../../lab/index.ts";
import { NO_CONFIGURATION } from "../configuration/configuration.ts";
import { DEFAULT_TIME_SCALE, type ExperimentsOptions, runExperiments } from "../run-experiments.ts";

const SEED = 1;

/** The folder for the runs of tests. */
export const OUT_DIRECTORY: string = outDirectory(INSTALLATION, process.cwd());

const PROMISES: Readonly<Record<CheckRecord["kind"], string>> = {
  "steady-state": "the platform is well before and after",
  fault: "every fault bites and is healed",
  trigger: "the triggers that must fire do, and no other",
  recovery: "the steady state comes back in time",
  invariant: "no order and no money is lost or doubled, and what was taken is given back",
  harness: "the harness measured soundly",
};

/** Runs a scenario once and creates a test for each kind of check in its record. */
export function describeScenario(scenario: Scenario): void {
  describe(`${scenario.name}: ${scenario.hypothesis}`, () => {
    let record: ScenarioRecord;
    beforeAll(async () => {
      record = await runOnce(scenario, {});
    });

    const kinds = Object.keys(PROMISES) as CheckRecord["kind"][];
    const promised = kinds.filter(
      (kind) => scenario.faults.length > 0 || !["fault", "recovery"].includes(kind),
    );
    it.for(promised.map((kind) => ({ kind, promise: PROMISES[kind] })))("$promise", ({ kind }, { skip }) => {
      const jump = clockJumpIn(record);
      if (jump !== null)
        return skip(`nothing can be judged by time where the machine's clock jumps: ${jump}`);
      const checks = record.checks.filter((check) => check.kind === kind);
      expect(checks.length, `checks of kind ${kind}`).toBeGreaterThan(0);
      expectAllPass(checks, record.command);
    });
  });
}

/** How the machine's clock was set during a run, which no code of ours does; null when it was not. */
function clockJumpIn({ checks }: ScenarioRecord): string | null {
  const runner = checks.find(({ name, received }) => name === "runner" && received.includes("clock was set"));
  return runner?.received ?? null;
}

/**
 * Expects that every check passed. The message has a line for each that did not, since
 * vitest truncates values.
 */
export function expectAllPass(checks: readonly CheckRecord[], command: string): void {
  const broken = checks
    .filter(({ verdict }) => verdict !== "pass")
    .map(
      ({ verdict, name, expected, received }) => `${verdict} ${name}: expected ${expected}, got ${received}`,
    );
  expect(broken.length, [...broken, `repeat it with: ${command}`].join("\n")).toBe(0);
}

/** The options of a lab with Spark, on the synthetic market unless `KANIT_TAPE` names a recording. */
export async function testLab(): Promise<ExperimentsOptions["lab"]> {
  const tape = process.env.KANIT_TAPE ?? "";
  return {
    platform: await readPlatformDefinition(SPARK_DEFINITION),
    market: await readMarket([tape === "" ? "synthetic" : tape], []),
    tapeSpeed: 1,
    seed: SEED,
    linkPorts: {},
    platformEnvironment: {},
    canary: null,
    stepsClock: false,
    secrets: new SecretRegistry(),
    temporaryDirectory: labTemporaryDirectory(process.env),
  };
}

/** What a test changes in the platform. */
export interface PlatformChange {
  readonly environment?: Readonly<Record<string, string>>;
  /** Replaces `settlesWithin` of the platform's definition. */
  readonly settlesWithinMs?: number;
}

/** Runs a scenario once against Spark, in a lab that is started and stopped for it. */
export async function runOnce(scenario: Scenario, change: PlatformChange): Promise<ScenarioRecord> {
  const lab = await testLab();
  const { platform } = lab;
  const platformEnvironment = change.environment ?? {};
  const { settlesWithinMs = platform.settlesWithinMs } = change;
  const run = await runTogether([scenario], {
    ...lab,
    platform: { ...platform, settlesWithinMs },
    platformEnvironment,
  });
  const [only] = run.scenarios;
  if (only === undefined) throw new TypeError(`Expected a record of ${scenario.name}, got none.`);
  return only;
}

/** Runs scenarios one after the other in one lab, which is started and stopped for them. */
export async function runTogether(
  scenarios: readonly Scenario[],
  lab: ExperimentsOptions["lab"],
): Promise<RunRecord> {
  const { market, platform, platformEnvironment } = lab;
  const names = scenarios.map(({ name }) => name);
  const tapes = market.kind === "recording" ? market.paths : ["synthetic"];
  const isSpark = platform.name === "spark";
  const words = [
    ...["run", ...names, "--seed", String(SEED)],
    ...tapes.flatMap((tape) => ["--tape", tape]),
    ...(isSpark ? [] : ["--platform", join(platform.directory, "platform.yml")]),
    ...Object.entries(platformEnvironment).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
  ];
  const { record } = await runExperiments({
    configuration: NO_CONFIGURATION,
    title: `${names.join(", ")}, as a test`,
    experiments: scenarios.map((scenario) => ({
      ...{ scenario, seed: SEED, selector: scenario.name },
      source: { kind: "program" } as const,
    })),
    notRun: [],
    whenUnfit: "not-run",
    runtime: { name: "local" },
    outDirectory: OUT_DIRECTORY,
    lab,
    timeScale: DEFAULT_TIME_SCALE,
    words,
    wordsOf: () => words,
    listener: () => undefined,
    signal: new AbortController().signal,
    kept: null,
  });
  return record;
}
