import { askOnce, openApi, type PlatformApi, QUOTE_SCHEMA, requestClient } from "../../api/index.ts";
import { injectFault } from "../../chaos/index.ts";
import { type Clock, mergeVerdicts, steadyClockFrom } from "../../core/index.ts";
import type { CheckRecord } from "../../evidence/index.ts";
import {
  ALL_INVARIANTS,
  checkInvariants,
  type FinalState,
  judgeBreakOff,
  judgeDeath,
  Measurement,
  observeEnd,
  openRunLease,
  QuoteWatch,
  RunnerWatch,
} from "../../harness/index.ts";
import { faultContextOf, type Lab } from "../../lab/index.ts";
import type { Quote } from "../../load/index.ts";
import { isContended, MachineWatch } from "../../machine/index.ts";
import { type TradingVenueName, tradingAmong } from "../../venues/index.ts";
import type { Plan } from "../plan/plan.ts";
import type { ExperimentRecord } from "./experiment-record.ts";
import { judgeReturned, judgeUnanswered, RETURNED_CONNECTIONS } from "./judge-experiment.ts";
import { PlayedFaults } from "./play-faults.ts";
import { Program } from "./play-program.ts";
import { recover, untilQuoted } from "./recover.ts";
import { SOMETIMES } from "./sometimes.ts";
import type { Subject } from "./subject.ts";

/** A client gives up after so long; longer than a compressed platform takes for any answer. */
const CLIENT_TIMEOUT_MS = 3_000;

export interface ExperimentContext {
  readonly lab: Lab;
  readonly subject: Subject;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Carries out one experiment in a lab, and returns what it showed, whatever happens in it:
 *
 *  1. **Reset** of the lab, by the plan's seed.
 *  2. **The program** of its clients, with its faults; then everything is healed.
 *  3. **Recovery**: clients ask again what they were not answered, and each venue gets one more order.
 *  4. **Settling**: the market is halted, and the platform gets time until its books are complete.
 *  5. **Checks**: every invariant of the harness, and that the platform recovered.
 */
export async function runExperiment(plan: Plan, given: ExperimentContext): Promise<ExperimentRecord> {
  const { lab, signal } = given;
  const clock = steadyClockFrom(given.clock);
  const deathsBefore = lab.deaths().length;
  using runner = new RunnerWatch(given.clock, lab.powers);
  using machine = lab.runtime === "local" ? new MachineWatch(process.pid) : null;
  const excuses = () => [
    ...runner
      .gaps()
      .map(({ kind }) => (kind === "stood-still" ? "the runner stood still" : "its clock was set")),
    ...(machine !== null && isContended(machine.load()) ? ["other programs filled the machine"] : []),
  ];
  const watch = new StopWatch(clock);
  const parts: ExperimentParts = { checks: [], state: null, faults: [], operations: [], facts: {} };
  try {
    signal.throwIfAborted();
    await lab.reset(plan.seed);
    watch.lap("resetMs");
    await carryOut(plan, { ...given, clock }, parts, watch);
  } catch (error) {
    signal.throwIfAborted();
    parts.checks.push(judgeBreakOff(error instanceof Error ? error.message : String(error)));
  }
  const deaths = lab.deaths().slice(deathsBefore);
  const checks = [...parts.checks, ...deaths.map((death) => judgeDeath(death, given.subject.platform.name))];
  watch.lap("checksMs");
  const verdict = mergeVerdicts(checks.map((check) => check.verdict));
  return {
    ...parts,
    plan,
    checks,
    verdict: verdict === "fail" && excuses().length > 0 ? "inconclusive" : verdict,
    excuses: excuses(),
    split: watch.split,
  };
}

/** No patience with a busy machine: what fails there is inconclusive, and another experiment takes a second. */
const isExcused = () => false;

/** What is known of an experiment so far. */
interface ExperimentParts extends Pick<ExperimentRecord, "faults" | "operations" | "facts"> {
  readonly checks: CheckRecord[];
  state: FinalState | null;
  faults: ExperimentRecord["faults"];
  operations: ExperimentRecord["operations"];
  facts: ExperimentRecord["facts"];
}

async function carryOut(
  plan: Plan,
  { lab, subject, clock, signal }: ExperimentContext,
  parts: ExperimentParts,
  watch: StopWatch,
): Promise<void> {
  const { platform } = subject;
  const startedAtEpochMs = clock.nowMs();
  const now = () => clock.nowMs() - startedAtEpochMs;
  const venues = tradingAmong(platform.venues);
  const [symbol] = lab.symbols;
  await using lease = await openRunLease(lab.proxy, "exploration", plan.seed);
  await using measurement = Measurement.start({
    ...{ platform, addresses: lab.addresses, candidateMetrics: [], rules: [], timeScale: 1, clock },
    ...{ expressions: [RETURNED_CONNECTIONS.expression, ...Object.values(SOMETIMES)], startedAtEpochMs },
  });
  await using quotes = new QuoteWatch(platform, lab.addresses.platform, symbol);
  await using api = await openClient(subject, lab, lab.addresses.api);
  const prices = await firstPrices(api, venues, symbol, { clock, signal });
  const faults = new PlayedFaults(plan.faults, {
    inject: (fault) => injectFault(fault, faultContextOf(lab, lease.proxy)),
    ...{ clock, now, signal },
  });
  const program = new Program({
    ...{ api, clock, now, signal, symbol },
    priceAt: (venue) => quotes.recorded().last.find((quote) => quote.venue === venue) ?? prices.get(venue),
    beforeStep: (id) => faults.beforeStep(id),
  });
  try {
    await program.play(plan);
  } finally {
    await faults.healAll();
    parts.faults = await faults.records();
  }
  watch.lap("operationsMs");
  const limit = { limitMs: platform.settlesWithinMs, isExcused };
  parts.checks.push(...(await recover({ program, venues, limit, clock, signal })));
  const { venueControl } = lab.addresses;
  await untilQuoted({ plan, program, api, venueControl, quotes, venues, limit, clock, signal });
  const { operations } = program;
  parts.operations = operations;
  await quotes.churned;
  const readAtRest = await measurement.collectAtRest(quotes.openSockets, 1, isExcused);
  const durationMs = now();
  await measurement.stop();
  watch.lap("settlingMs");
  const expectation = { invariants: ALL_INVARIANTS, mayBeEmpty: ALL_INVARIANTS };
  const experiment = { faults: plan.faults, expectation };
  const load = { operations, durationMs, unrecordedRequests: 2 * venues.length };
  const { settled } = await observeEnd(
    experiment,
    { lab, platform, clock, signal },
    load,
    measurement,
    quotes,
    {
      ...{ readAtRest, isExcused },
    },
  );
  parts.state = settled.state;
  const { values } = measurement.measured([RETURNED_CONNECTIONS.expression], [], durationMs);
  parts.facts = factsOf(measurement.values(SOMETIMES, durationMs));
  parts.checks.push(
    ...checkInvariants(expectation, settled.state).checks,
    judgeReturned(values[RETURNED_CONNECTIONS.expression] ?? { kind: "no-data" }),
    judgeUnanswered(operations, parts.faults),
  );
}

/** As users reach the platform, or past its link. */
async function openClient({ platform }: Subject, lab: Lab, url: string): Promise<PlatformApi> {
  return openApi(platform.api, {
    client: requestClient(url, CLIENT_TIMEOUT_MS),
    driver: await lab.driver(),
    timeoutMs: CLIENT_TIMEOUT_MS,
  });
}

const PRICES_WITHIN_MS = 3_000;
const POLL_MS = 20;

/** The first price of each venue, before the program begins; without one, orders are market orders. */
async function firstPrices(
  api: PlatformApi,
  venues: readonly TradingVenueName[],
  symbol: string,
  { clock, signal }: Pick<ExperimentContext, "clock" | "signal">,
): Promise<ReadonlyMap<string, Quote>> {
  const prices = new Map<string, Quote>();
  const untilMs = clock.monotonicMs() + PRICES_WITHIN_MS;
  const missing = () => venues.filter((venue) => !prices.has(venue));
  while (api.questions.has("quote") && missing().length > 0 && clock.monotonicMs() < untilMs) {
    for (const venue of missing()) {
      const { outcome, said } = await askOnce(api, { kind: "quote", venue, symbol });
      const quote = outcome === "succeeded" ? QUOTE_SCHEMA.safeParse(said).data : undefined;
      if (quote !== undefined) prices.set(venue, quote);
    }
    if (missing().length > 0) await clock.sleep(POLL_MS, signal);
  }
  return prices;
}

function factsOf(values: Readonly<Record<string, number | null>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? 0]));
}

/** Adds up where the time goes. */
class StopWatch {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #split = { resetMs: 0, operationsMs: 0, settlingMs: 0, checksMs: 0 };
  #sinceMs: number;

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
    this.#sinceMs = clock.monotonicMs();
  }

  get split(): ExperimentRecord["split"] {
    return { ...this.#split };
  }

  lap(part: keyof ExperimentRecord["split"]): void {
    const nowMs = this.#clock.monotonicMs();
    this.#split[part] += nowMs - this.#sinceMs;
    this.#sinceMs = nowMs;
  }
}
