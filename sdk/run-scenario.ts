import type { OwnFault } from "../chaos/index.ts";
import type { Verdict } from "../core/index.ts";
import { completeScenario, type OwnInvariant, type ScenarioInput } from "../harness/index.ts";
import { INSTALLATION, outDirectory } from "../installation/index.ts";
import { DEFAULT_TIME_SCALE, NO_CONFIGURATION, runExperiments } from "../runs/index.ts";
import { completeSettings, type LabSettings } from "./lab-settings.ts";

/** How a scenario is run. */
export interface ScenarioSettings extends LabSettings {
  /** The folder of reports and evidence, in which the run gets its own. Default: `kanit-out`. */
  readonly out?: string;
  /** Trigger seconds in one second of the lab. Default: 60. */
  readonly timeScale?: number;
  /** Faults of your own that the scenario injects by name. */
  readonly faults?: readonly OwnFault[];
  /** Invariants of your own, checked besides kanit's. */
  readonly invariants?: readonly OwnInvariant[];
  /** Ends the run when it is aborted; what was not measured is then inconclusive. */
  readonly signal?: AbortSignal;
}

/** One thing that was checked: the steady state, a fault, a trigger, recovery, an invariant, the harness itself. */
export interface ScenarioCheck {
  readonly kind: string;
  readonly name: string;
  readonly verdict: Verdict;
  readonly expected: string;
  readonly received: string;
}

/** What a scenario came to. */
export interface ScenarioResult {
  /** Only `pass` is one: what was not measured is `inconclusive`. */
  readonly verdict: Verdict;
  readonly checks: readonly ScenarioCheck[];
  /** The report; null when it could not be written. */
  readonly reportPath: string | null;
  /** What went wrong beside the scenario, such as a full disk, one line each. */
  readonly problems: readonly string[];
}

/**
 * Runs a scenario once in a lab of its own, and files report and evidence. Takes some seconds more than the scenario's
 * phases, and measures: let nothing else fill the machine.
 *
 * @throws UsageError `bad-scenario`; KanitError when the lab does not start, that says what is missing.
 */
export async function runScenario(
  scenario: ScenarioInput,
  settings: ScenarioSettings = {},
): Promise<ScenarioResult> {
  const complete = completeScenario(scenario);
  const { faults = [], invariants = [] } = settings;
  const lab = await completeSettings(settings);
  const words = ["run", complete.name, "--seed", String(lab.seed)];
  const { record, verdict, paths, problems } = await runExperiments({
    title: complete.name,
    experiments: [
      { scenario: complete, seed: lab.seed, source: { kind: "program" }, selector: complete.name },
    ],
    notRun: [],
    whenUnfit: "not-run",
    configuration: { ...NO_CONFIGURATION, extensions: { faults, invariants } },
    runtime: { name: "local" },
    outDirectory: settings.out ?? outDirectory(INSTALLATION, process.cwd()),
    lab,
    timeScale: settings.timeScale ?? DEFAULT_TIME_SCALE,
    words,
    wordsOf: () => words,
    listener: () => undefined,
    signal: settings.signal ?? new AbortController().signal,
    kept: null,
  });
  const checks = record.scenarios.flatMap((each) => each.checks);
  return { verdict, checks, reportPath: paths.html, problems };
}
