import { describe, expect, it } from "vitest";
import { systemClock } from "../core/index.ts";
import type { PlatformDefinition } from "../definition/index.ts";
import type { ScenarioRecord } from "../evidence/index.ts";
import type { Lab, ProcessDeath } from "../lab/index.ts";
import { VENUE_NAMES } from "../venues/index.ts";
import type { RunEvent } from "./experiment/run-event.ts";
import { completeScenario, type Scenario } from "./experiment/scenario.ts";
import { unfinishedRecord } from "./experiment/unfinished-record.ts";
import { NO_EXTENSIONS } from "./own/extensions.ts";
import type { RunContext } from "./run.ts";
import { runSuite } from "./run-suite.ts";

const scenarioNamed = (name: string): Scenario =>
  completeScenario({ name, hypothesis: "It holds.", expectation: { recoversWithinMs: 1_000 } });
const death = (process: string): ProcessDeath => ({
  process,
  logPath: `/logs/${process}.log`,
  ending: "signal SIGKILL",
  lastLines: ["out of memory"],
});

/** A lab with only its disposal and its deaths. */
class BareLab {
  readonly runtime = "local";
  readonly id: string;
  readonly died: ProcessDeath[] = [];
  stopped = false;
  /** Called when a scenario was judged. */
  cleanUp: () => void = () => undefined;
  stop: () => Promise<void> = async () => {
    this.stopped = true;
  };

  constructor(number: number) {
    this.id = `lab-${number}`;
  }

  deaths(): readonly ProcessDeath[] {
    return this.died;
  }

  async describe() {
    const unknown = { platform: "spark", postgres: "16", pgbouncer: "1", proxy: "kanit", market: "none" };
    return { runtime: "local", ...unknown, tapeSpeed: 1 };
  }
}

const SOURCE = { kind: "catalog" } as const;

type Carrying = (scenario: Scenario, lab: BareLab, interrupt: AbortController) => ScenarioRecord["verdict"];

/** Runs scenarios one, two and three; `carry` determines their results. */
async function suiteOf(
  carry: Carrying,
  startLab = (number: number) => new BareLab(number),
  keepLab: ((lab: Lab) => void) | null = null,
) {
  const labs: BareLab[] = [];
  const events: RunEvent[] = [];
  const problems: string[] = [];
  const interrupt = new AbortController();
  const experiments = ["one", "two", "three"].map((name) => ({
    scenario: scenarioNamed(name),
    ...{ seed: 1, source: SOURCE, selector: name },
  }));
  const carryOut = async (scenario: Scenario, { lab, listener }: RunContext): Promise<ScenarioRecord> => {
    listener({ kind: "scenario.started", scenario: scenario.name, seed: 1, hypothesis: "It holds." });
    listener({ kind: "phase.started", scenario: scenario.name, phase: "fault", atMs: 1 });
    const verdict = carry(scenario, lab as unknown as BareLab, interrupt);
    const times = { startedAtMs: 0, endedAtMs: 0 };
    const record = unfinishedRecord({
      scenario,
      source: SOURCE,
      seed: 1,
      command: "repeat it",
      ...times,
      checks: [],
    });
    listener({ kind: "scenario.ended", record: { ...record, verdict } });
    (lab as unknown as BareLab).cleanUp();
    return { ...record, verdict };
  };
  const record = await runSuite(
    {
      extensions: NO_EXTENSIONS,
      temporaryDirectory: "/tmp",
      ...{ runId: "run-1", title: "three", command: "./kanit run one two three", folder: "/run" },
      ...{ experiments, notRun: [], whenUnfit: "not-run", seed: 1, timeScale: 60, rules: [] },
      platform: {
        ...{ name: "spark", venues: VENUE_NAMES, conditions: [] },
        metrics: { path: "/metrics", lacks: [] },
      } as unknown as PlatformDefinition,
      startLab: async (number) => {
        const lab = startLab(number);
        labs.push(lab);
        return lab as unknown as Lab;
      },
      keepLab,
      clock: systemClock,
      commandOf: () => "repeat it",
      listener: (event) => events.push(event),
      onProblem: (problem) => problems.push(problem),
      signal: interrupt.signal,
    },
    carryOut,
  );
  return { record, labs, events, problems };
}

const BROKEN_OFF = /^broken off [\d.]+ m?s into fault: Interrupted by SIGINT$/;
const verdictsOf = (scenarios: readonly ScenarioRecord[]) => scenarios.map(({ verdict }) => verdict);

describe("a run of several scenarios", () => {
  it("keeps a fail when a process of the lab died before the next one, which is inconclusive", async () => {
    const { record, labs } = await suiteOf((scenario, lab) => {
      if (scenario.name !== "one") return "pass";
      queueMicrotask(() => queueMicrotask(() => lab.died.push(death("pgbouncer"))));
      return "fail";
    });
    expect(verdictsOf(record.scenarios)).toEqual(["fail", "inconclusive", "pass"]);
    expect(record.verdict).toBe("fail");
    expect(record.scenarios[1]?.checks.map(({ received }) => received)).toEqual([
      "pgbouncer was not running when the scenario began",
      "signal SIGKILL; its last line of output: out of memory",
    ]);
    expect(labs.map(({ id, stopped }) => ({ id, stopped }))).toEqual([
      { id: "lab-1", stopped: true },
      { id: "lab-2", stopped: true },
    ]);
  });

  it("uses another lab after one in which a process died, once that was reported", async () => {
    const { record, labs } = await suiteOf((scenario, lab) => {
      if (scenario.name === "one") lab.died.push(death("spark"));
      return "pass";
    });
    expect(verdictsOf(record.scenarios)).toEqual(["pass", "pass", "pass"]);
    expect(labs).toHaveLength(2);
  });

  it("continues after a scenario that broke off, in another lab, and reports the reason", async () => {
    const { record, labs, events } = await suiteOf((scenario) => {
      if (scenario.name === "two") throw new Error("Expected a reset, got ECONNREFUSED.");
      return scenario.name === "one" ? "fail" : "pass";
    });
    expect(verdictsOf(record.scenarios)).toEqual(["fail", "inconclusive", "pass"]);
    expect(record.scenarios[1]?.checks).toMatchObject([
      { name: "experiment", verdict: "inconclusive", received: "Expected a reset, got ECONNREFUSED." },
    ]);
    expect(labs).toHaveLength(2);
    expect(events.filter(({ kind }) => kind === "scenario.ended")).toHaveLength(3);
  });

  it.each([false, true])(
    "keeps the fail of a scenario that cannot clean up (interrupted: %s)",
    async (isLast) => {
      const { record, labs, events, problems } = await suiteOf((scenario, lab, interrupt) => {
        if (scenario.name !== "one") return "pass";
        lab.cleanUp = () => {
          if (isLast) interrupt.abort(new Error("Interrupted by SIGINT."));
          throw new Error("ECONNRESET");
        };
        return "fail";
      });
      expect(verdictsOf(record.scenarios)).toEqual(isLast ? ["fail"] : ["fail", "pass", "pass"]);
      expect(record.verdict).toBe("fail");
      expect(labs[0]?.stopped).toBe(true);
      expect(events.filter(({ kind }) => kind === "scenario.ended")).toHaveLength(isLast ? 1 : 3);
      expect(problems).toEqual(["Expected to clean up the lab of one, got: ECONNRESET"]);
    },
  );

  it("ends when the lab cannot be started again", async () => {
    const { record } = await suiteOf(
      (_, lab) => {
        lab.died.push(death("spark"));
        return "fail";
      },
      (number) => {
        if (number > 1) throw new Error("Expected a free port, got none.");
        return new BareLab(number);
      },
    );
    expect(verdictsOf(record.scenarios)).toEqual(["fail", "inconclusive", "inconclusive"]);
    expect(record.scenarios[2]?.checks).toMatchObject([{ received: "Expected a free port, got none." }]);
  });

  it("says how far it came when it is interrupted, with the reason", async () => {
    const { record } = await suiteOf((scenario, _, interrupt) => {
      if (scenario.name === "one") return "fail";
      interrupt.abort(new Error("Interrupted by SIGINT."));
      throw interrupt.signal.reason;
    });
    expect(verdictsOf(record.scenarios)).toEqual(["fail"]);
    expect(record.verdict).toBe("fail");
    expect(record.notRun).toEqual([
      { name: "two", why: expect.stringMatching(BROKEN_OFF) },
      { name: "three", why: "not begun: Interrupted by SIGINT" },
    ]);
  });

  it("hands over a lab that is whole instead of stopping it, and stops one that lost a process", async () => {
    for (const isWhole of [true, false]) {
      const keptIds: string[] = [];
      const { labs } = await suiteOf(
        (scenario, lab) => {
          if (scenario.name === "three" && !isWhole) lab.died.push(death("spark"));
          return "pass";
        },
        undefined,
        ({ id }) => keptIds.push(id),
      );
      expect(labs.map(({ stopped }) => stopped)).toEqual([!isWhole]);
      expect(keptIds).toEqual(isWhole ? ["lab-1"] : []);
    }
  });

  it("loses nothing when the lab cannot be stopped", async () => {
    const { record, problems } = await suiteOf(
      () => "fail",
      (number) => {
        const lab = new BareLab(number);
        lab.stop = () => Promise.reject(new Error("EBUSY"));
        return lab;
      },
    );
    expect(record.verdict).toBe("fail");
    expect(problems).toEqual(["Expected lab lab-1 to stop, got: EBUSY"]);
  });
});
