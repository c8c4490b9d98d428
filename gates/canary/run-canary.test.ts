import { describe, expect, it } from "vitest";
import type { CanaryRecord } from "../../evidence/index.ts";
import type { FiledEvidence, GateFiling } from "../engine/filing.ts";
import type { CanarySetup } from "./canary-setup.ts";
import { type CanaryPlan, parseCanaryPlan } from "./plan/canary-plan.ts";
import { startScrapedArm } from "./reading/scraped-arm.ts";
import type { RollBack, RollbackReason } from "./rollback-request.ts";
import { runCanary } from "./run-canary.ts";
import { startCanaryWorld, type WorldBehavior } from "./testing/canary-world.ts";

const TIME_SCALE = 60;
const TWO_STAGES = parseCanaryPlan(
  "stages: [{ share: 25, duration: 5m, longest: 8m }, { share: 50, duration: 5m }]\nsamples: { gc_pause: 20 }",
  "canary.yml",
);
const NEVER = 1e9;

/** Keeps what is filed in memory. */
function memoryFiling() {
  const files = new Map<string, string>();
  const notes: { readonly kind: string; readonly data: unknown }[] = [];
  const filing: GateFiling = {
    folder: "memory",
    file: ({ text, ...file }) => {
      files.set(file.name, text);
      const facts = { sha256: "", bytes: text.length, commit: null, target: "", atMs: 0 };
      return Promise.resolve<FiledEvidence>({ ...file, ...facts });
    },
    note: (kind, data) => notes.push({ kind, data }),
    end: () => Promise.resolve(),
  };
  return { files, notes, filing };
}

interface Carried {
  readonly record: CanaryRecord;
  readonly lines: readonly string[];
  readonly shares: readonly number[];
  readonly files: ReadonlyMap<string, string>;
  readonly notes: readonly { readonly kind: string; readonly data: unknown }[];
  readonly requests: readonly RollbackReason[];
  /** The stages that passed, each with the share at that time. */
  readonly passed: readonly string[];
}

interface Wanted {
  readonly world?: WorldBehavior;
  readonly plan?: CanaryPlan;
  readonly isAutomatic?: boolean;
  /** Interrupts at the look of this number. */
  readonly interruptAt?: number;
  readonly firing?: string;
  readonly isRolledBackByHand?: boolean;
  /** Replaces the rollback that succeeds. */
  readonly rollBack?: RollBack;
}

async function carryOut(wanted: Wanted): Promise<Carried> {
  const { plan = TWO_STAGES, isAutomatic = true, interruptAt = NEVER } = wanted;
  await using world = await startCanaryWorld(wanted.world ?? {}, TIME_SCALE);
  const common = { triggers: null, allowedHosts: [], intervalMs: 1_000, clock: world.background };
  const armOf = (name: "stable" | "candidate") => {
    const source = world.arms[name];
    if (source.kind !== "scrape") throw new TypeError("expected pages");
    return startScrapedArm({ ...common, name, source });
  };
  await using stable = armOf("stable");
  await using candidate = armOf("candidate");
  const memory = memoryFiling();
  const lines: string[] = [];
  const requests: RollbackReason[] = [];
  const passed: string[] = [];
  const interrupting = new AbortController();
  let looks = 0;
  const succeeding: RollBack = async (request) => {
    requests.push(request);
    await world.traffic.setShare(0, AbortSignal.timeout(1_000));
    return { kind: "recovered", startedAtMs: request.atMs, recoveredAtMs: request.atMs + 2_000 };
  };
  const state = wanted.firing === undefined ? ("inactive" as const) : ("firing" as const);
  const setup: CanarySetup = {
    ...{ release: "v2", target: "two servers", command: "kanit canary v2", plan, timeScale: TIME_SCALE },
    arms: { stable, candidate },
    triggers: {
      states: () => Promise.resolve([{ name: wanted.firing ?? "HighErrorRate", state, firedAt: null }]),
      forget: () => Promise.resolve(),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
    traffic: world.traffic,
    rollBack: isAutomatic ? (wanted.rollBack ?? succeeding) : null,
    filing: memory.filing,
    onStagePassed: async (stage) => void passed.push(`${stage} at ${world.shares.at(-1)} %`),
    renderPage: ({ lead }) => lead,
    clock: world.clock,
    signal: interrupting.signal,
    onRecord: () => {
      looks += 1;
      if (looks === interruptAt) interrupting.abort(new Error("Interrupted by SIGINT."));
    },
    onLine: (line) => {
      lines.push(line);
      const isAsked = wanted.isRolledBackByHand === true && line.startsWith("Roll back now");
      if (isAsked) void world.traffic.setShare(0, interrupting.signal);
    },
    onStatus: () => undefined,
  };
  const record = await runCanary(setup);
  return { record, lines, shares: world.shares, files: memory.files, notes: memory.notes, requests, passed };
}

describe("a canary of two servers", { timeout: 20_000 }, () => {
  it("advances through its stages when the candidate is as good as the stable", async () => {
    const { record, lines, shares, files, passed } = await carryOut({});
    expect(record.lead).toBe("The candidate has all traffic: 2 stages passed.");
    expect(record.verdict).toBe("pass");
    expect(shares).toEqual([25, 50]);
    expect(passed).toEqual(["25 at 25 %", "50 at 50 %"]);
    expect(record.stages.map(({ signals }) => signals.map(({ verdict }) => verdict))).toEqual([
      Array(8).fill("pass"),
      Array(8).fill("pass"),
    ]);
    expect(lines.join("\n")).toMatch(
      /stage {2}25 % {2}5 s, at most 8 s; needs of the candidate \d+ requests/,
    );
    expect([...files.keys()]).toEqual([
      "canary_plan_v2.txt",
      "canary_stage_25.txt",
      "canary_stage_50.txt",
      "canary.json",
      "index.html",
    ]);
    expect(files.get("canary_stage_25.txt")).toMatch(
      / {4}samples {4}candidate \S+ ms of \d+, stable \S+ ms of \d+ \(requests; needs \d+ of the candidate\)/,
    );
  });

  it("is rolled back by itself when the candidate is worse, before its stage is over", async () => {
    const { record, requests, shares, notes } = await carryOut({
      world: { candidate: (share) => (share === 50 ? { errorRate: 0.05 } : {}) },
    });
    expect(record.verdict).toBe("fail");
    expect(requests).toMatchObject([{ stage: "50", failed: ["http_errors"] }]);
    expect(shares).toEqual([25, 50, 0]);
    expect(record.lead).toMatch(/^Rolled back from 50 %: 5xx rate .* users were well again after 2 s/);
    expect(notes.map(({ kind }) => kind).filter((kind) => kind !== "canary.look")).toEqual([
      "canary.started",
      "canary.enter",
      "canary.advance",
      "canary.enter",
      "canary.roll-back",
      "canary.rolled-back",
    ]);
  });

  it("without --auto says what to type, and counts who is exposed until somebody does", async () => {
    const { record, lines } = await carryOut({
      world: { candidate: () => ({ errorRate: 0.3 }) },
      isAutomatic: false,
    });
    expect(record.verdict).toBe("fail");
    expect(lines.find((line) => line.startsWith("Roll back now"))).toMatch(
      /^Roll back now: kanit rollback v2 --reason '5xx rate .*' --stage 25$/,
    );
    expect(lines.at(-1)).toMatch(/^not rolled back for .*: \d+ more requests of users/);
    expect(record.lead).toContain("Nobody rolled back in time");
  });

  it("without --auto ends when somebody rolled back, and not when a look has no request by chance", async () => {
    const few = { requestsPerSecond: 2, candidate: () => ({ errorRate: 0.6 }) };
    const plan = { ...TWO_STAGES, stages: TWO_STAGES.stages.slice(0, 1) };
    const left = await carryOut({ world: few, plan, isAutomatic: false });
    expect(left.record.lead).toContain("Nobody rolled back in time");
    const world = { candidate: () => ({ errorRate: 0.3 }) };
    const taken = await carryOut({ world, isAutomatic: false, isRolledBackByHand: true });
    expect(taken.record.lead).toMatch(/By hand, after \d+ more requests\.$/);
  });

  it("does not take a rollback that did not help for one", async () => {
    const { record, lines } = await carryOut({
      world: { candidate: () => ({ errorRate: 0.3 }) },
      rollBack: ({ atMs }) =>
        Promise.resolve({ kind: "not-recovered", startedAtMs: atMs, why: "the balancer is away" }),
    });
    expect(record.verdict).toBe("fail");
    expect(record.problems).toEqual(["The rollback did not succeed: the balancer is away"]);
    expect(lines.at(-1)).toMatch(/^Roll back now: kanit rollback v2 --reason/);
  });

  it("is rolled back by a trigger that fires, also while a stage settles", async () => {
    const { record, requests } = await carryOut({ firing: "PgBouncerSaturated" });
    expect(record.verdict).toBe("fail");
    expect(requests).toMatchObject([{ reason: "PgBouncerSaturated fires", failed: ["PgBouncerSaturated"] }]);
    expect(record.stages[0]?.looks).toBe(1);
  });

  it("does not advance where the balancer does not do what it was asked", async () => {
    const { record } = await carryOut({ world: { realShare: (asked) => (asked === 0 ? 0 : 5) } });
    expect(record.verdict).toBe("inconclusive");
    expect(record.lead).toContain("and not the asked 25 %");
  });

  it("does not advance where the candidate's page cannot be read", async () => {
    const { record } = await carryOut({ world: { page: () => null } });
    expect(record.verdict).toBe("inconclusive");
    expect(record.lead).toContain("Expected status 200");
  });

  it("does not advance where a metric is gone, or is no number", async () => {
    const page = (text: string) => text.replaceAll("event_loop_lag", "other_lag");
    const gone = await carryOut({ world: { page } });
    expect(gone.record.verdict).toBe("inconclusive");
    expect(gone.record.lead).toContain("no series for event_loop_lag_seconds_bucket");
    const nan = await carryOut({
      world: {
        page: (text) => text.replace(/feed_staleness_seconds.*/, 'feed_staleness_seconds{feed="b"} NaN'),
      },
    });
    expect(nan.record.verdict).toBe("inconclusive");
    expect(nan.record.lead).toContain("feed_staleness_seconds is NaN");
  });

  it("goes on where the very first reading failed", async () => {
    let pages = 0;
    const { record } = await carryOut({
      world: {
        page: (text) => {
          pages += 1;
          return pages <= 3 ? null : text;
        },
      },
    });
    expect(record.verdict).toBe("pass");
  });

  it("files what it has when it is interrupted, and says how to take the traffic away", async () => {
    const { record, files } = await carryOut({ interruptAt: 12 });
    expect(record.verdict).toBe("inconclusive");
    expect(record.lead).toBe(
      "Interrupted by SIGINT. The candidate keeps 25 %; without it: set the share to 0 %",
    );
    expect(files.has("canary_stage_25.txt")).toBe(true);
  });
});
