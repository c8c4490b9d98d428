import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Archive } from "../../evidence/index.ts";
import type { BackpressureEvent, DrillEvent } from "../../harness/index.ts";
import { FILED_DRILL as DRILL } from "../testing/filed-drill.ts";
import { newArchive } from "../testing/filed-run.ts";
import { FILED_SEARCH as SEARCH } from "../testing/filed-search.ts";
import { readJournaledRecord } from "./journaled-record.ts";

type Event = DrillEvent | BackpressureEvent;

const drillEvents = ((): readonly Event[] => {
  const { runId, title, command, seed, platform, startedAt, endedAt, verdict, environment } = DRILL;
  const { notApplicable } = DRILL;
  const opening = { runId, title, command, seed, platform, startedAt, notApplicable };
  const planned = DRILL.triggers.map(({ trigger, severity }) => ({ trigger, severity }));
  const fired = DRILL.triggers.filter(({ outcome }) => outcome === "fired");
  return [
    { kind: "drill.started", ...opening, planned },
    { kind: "drill.environment", environment },
    { kind: "drill.quiet.ended", quiet: DRILL.quiet },
    ...DRILL.runs.map((run) => ({ kind: "drill.condition.ended", run }) as const),
    ...fired.map((drill) => ({ kind: "drill.trigger.fired", drill }) as const),
    { kind: "drill.ended", verdict, endedAt, triggers: DRILL.triggers },
  ];
})();

const searchEvents = ((): readonly Event[] => {
  const { runId, title, command, seed, platform, startedAt, endedAt, verdict, environment } = SEARCH;
  const { cores, objective, mustHoldRps, regions, steps, heldRps, outcome, why } = SEARCH;
  const opening = {
    runId,
    title,
    command,
    seed,
    platform,
    startedAt,
    cores,
    objective,
    mustHoldRps,
    regions,
  };
  return [
    { kind: "backpressure.started", ...opening, ratesRps: steps.map(({ rateRps }) => rateRps) },
    { kind: "backpressure.environment", environment },
    ...steps.map((step) => ({ kind: "backpressure.step.ended", step, attempt: 1 }) as const),
    { kind: "backpressure.ended", verdict, why, endedAt, steps, heldRps, outcome },
  ];
})();

describe("the record in a journal", () => {
  let root: string;
  let archive: Archive;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "kanit-journaled-"));
    archive = await newArchive(root);
  });
  afterEach(() => rm(root, { recursive: true }));

  async function journaled(events: readonly Event[]) {
    const journal = archive.startJournal();
    for (const event of events) journal.append(event.kind, event);
    journal.close();
    return await readJournaledRecord(archive.folder);
  }

  it("of a drill is the one that is filed", async () => {
    expect(await journaled(drillEvents)).toEqual({ kind: "record", record: DRILL, isWhole: true });
  });

  it("of a drill that was killed has what fired, and leaves the rest open", async () => {
    const found = await journaled(drillEvents.slice(0, -1));
    expect(found).toMatchObject({
      isWhole: false,
      record: {
        verdict: "inconclusive",
        quiet: DRILL.quiet,
        triggers: [
          DRILL.triggers[0],
          { trigger: "Typo", verdict: "inconclusive", why: "the run ended before it was judged" },
        ],
        runs: DRILL.runs,
      },
    });
  });

  it("of a drill that was killed keeps the fail of its quiet run", async () => {
    const quiet = { ...DRILL.quiet, verdict: "fail", fired: ["TooSlow"] } as const;
    const events = drillEvents.map((event) =>
      event.kind === "drill.quiet.ended" ? { ...event, quiet } : event,
    );
    expect(await journaled(events.slice(0, 3))).toMatchObject({ record: { verdict: "fail" } });
  });

  it("of a search is the one that is filed", async () => {
    expect(await journaled(searchEvents)).toEqual({ kind: "record", record: SEARCH, isWhole: true });
  });

  it("of a search that was killed has each rate that was held, and decides nothing", async () => {
    expect(await journaled(searchEvents.slice(0, -1))).toMatchObject({
      isWhole: false,
      record: { verdict: "inconclusive", steps: SEARCH.steps, heldRps: 40, outcome: { kind: "undecided" } },
    });
  });

  it("is none where nothing had begun", async () => {
    expect(await journaled([])).toEqual({ kind: "not-begun", why: null });
  });
});
