import { formatDuration } from "../../core/index.ts";
import { type LoadResult, type Operation, startLoad } from "../../load/index.ts";
import { tradingAmong, USUAL_ORDER_WEIGHTS } from "../../venues/index.ts";
import { defineCheck, type ProbeContext } from "../engine/check.ts";
import { sqlMutant } from "../engine/sql-mutant.ts";
import type { OldCodePart } from "./old-code-part.ts";

const RATE_RPS = 12;
const DURATION_MS = 5_000;
const SERVER_ERROR = 500;
const SHOWN_FAILURES = 5;
const START = "starts";
const TRADES = "trades";

/** Can the way back end at a version that works? */
export const oldCodeTrades = defineCheck({
  id: "old-code-new-schema",
  title: "Old code on the new schema",
  question: "Does the version that runs now start and trade on the database as the new version migrates it?",
  risk: "The way back leads to a version that its own database has left behind, and no rollback helps.",
  command: "kanit up --canary ../new/platform.yml; kanit kill spark; kanit load --rate 12 --for 5s",
  passes: "it starts, and answers each order, query and cancellation without a 5xx",
  fix: "Split the migration: add first, and remove when no version needs it that a rollback may lead to.",
  evidence: ["old_code_{release}.txt"],
  deadlineMs: 90_000,
  maxAgeMs: 120_000,
  needs: ["oldCode"],
  mutant: sqlMutant({
    what: "A migration of the new version renames a column that the old code writes.",
    harm: ["ALTER TABLE fills RENAME COLUMN cost TO cost_in_quote"],
    shows:
      "SELECT column_name FROM information_schema.columns WHERE table_name = 'fills' AND column_name = 'cost_in_quote'",
    heal: ["ALTER TABLE fills RENAME COLUMN cost_in_quote TO cost"],
  }),
  observe: async ({ oldCode }, context) => {
    const asOfMs = context.clock.nowMs();
    const common = { expected: [START, TRADES], asOfMs };
    const started = await start(oldCode, context);
    if (started.kind === "failed") {
      const violation = `it does not start: ${started.why}`;
      const asked = [{ what: "starts", asked: 1, happened: 1 }];
      return {
        ...{ ...common, examined: [START, TRADES], acts: asked, unclear: [] },
        ...{ violations: [violation], summary: violation, texts: [`${violation}\n`] },
      };
    }
    const { operations, totals, unmapped } = await trade(oldCode, context.signal);
    const failed = operations.filter(({ httpStatus }) => (httpStatus ?? 0) >= SERVER_ERROR);
    const silent = operations.filter(({ httpStatus }) => httpStatus === null);
    const placed = operations.filter(({ kind, outcome }) => kind === "place" && outcome === "succeeded");
    const lines = [
      `it listened again ${formatDuration(started.tookMs)} after it was started on the new schema`,
      `${operations.length} operations: ${Object.entries(totals.outcomes)
        .map(([name, count]) => `${count} ${name}`)
        .join(", ")}`,
      ...failed.slice(0, SHOWN_FAILURES).map(describeFailure),
    ];
    return {
      ...common,
      examined: [START, ...(placed.length + failed.length > 0 ? [TRADES] : [])],
      acts: [{ what: "operations", asked: operations.length, happened: operations.length - silent.length }],
      violations:
        failed.length === 0
          ? []
          : [
              `${failed.length} of ${operations.length} operations end with a 5xx: ${failed.map(describeFailure)[0]}`,
            ],
      unclear: unmapped.first === null ? [] : [`an answer could not be read: ${unmapped.first}`],
      summary: `${placed.length} orders placed, ${failed.length} of ${operations.length} operations failed`,
      texts: [`${lines.join("\n")}\n`],
    };
  },
});

type Start =
  | { readonly kind: "started"; readonly tookMs: number }
  | { readonly kind: "failed"; readonly why: string };

/** A version that runs already has read its schema at another time: it has to start on the new one. */
async function start({ restart }: OldCodePart, { clock, signal }: ProbeContext): Promise<Start> {
  const beganMs = clock.monotonicMs();
  try {
    await restart();
  } catch (error) {
    signal.throwIfAborted();
    return { kind: "failed", why: error instanceof Error ? error.message : String(error) };
  }
  return { kind: "started", tookMs: Math.round(clock.monotonicMs() - beganMs) };
}

async function trade({ url, definition }: OldCodePart, signal: AbortSignal): Promise<LoadResult> {
  const weights = tradingAmong(definition.venues).map((venue) => [venue, USUAL_ORDER_WEIGHTS[venue]]);
  await using load = await startLoad({
    ...{ baseUrl: url.origin, allowedHosts: [], api: definition.api, driver: null, seed: 1 },
    workload: { kind: "order-flow", venues: Object.fromEntries(weights) },
    arrivals: { kind: "constant", rateRps: RATE_RPS, durationMs: DURATION_MS, spacing: "even" },
  });
  await load.arrivalsEnded();
  await load.settle();
  signal.throwIfAborted();
  return load.stop();
}

function describeFailure({ kind, httpStatus, error }: Operation): string {
  return `${kind}: ${httpStatus} ${error ?? ""}`.trim();
}
