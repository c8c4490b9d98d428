import type {
  LimitFinding,
  LimitName,
  OperationWaits,
  ResourceReading,
  StepRecord,
} from "../../evidence/index.ts";
import type { LoadObjective } from "../../load/index.ts";
import { LIMIT_TITLES } from "./limit.ts";

/** At this share of its cores a platform is saturated: what waits, waits for the CPU. */
const SATURATED = 0.85;
/** The threshold of the trigger LatencyCpuBackpressure: below it there is spare CPU. */
const CPU_HAS_TIME = 0.6;
/** A machine that is fully loaded most of the time has no CPU left, whichever part of the lab uses it. */
const MACHINE_FULL = 0.5;
/**
 * An event loop that is late by this share of the P95 causes it: a request returns to the loop several times.
 */
const LAG_SHARE_OF_P95 = 0.25;
/** An event loop that is late for this share of the time has little of it left for requests. */
const LOOP_STALLED = 0.4;
/** A cause of less than this share of the latency does not explain it. */
const EXPLAINS = 0.4;
/** A transaction that calls the venue contains the venue's time. */
const VENUE_WITHIN_TRANSACTIONS = 0.6;
/** Lock waits are sampled, while transactions are counted exactly; half of the rest is a large part of it. */
const LOCKS_WITHIN_TRANSACTIONS = 0.5;
/** A statement that takes this share of the objective is slow, since a request has several. */
const SLOW_STATEMENT = 0.1;

/** What the limit is judged by. */
export interface LimitContext {
  readonly objective: LoadObjective;
  /** How many cores the platform can use. */
  readonly cores: number;
}

/**
 * Names what slowed the platform down at a rate that broke its objective, in this order, since each cause
 * also makes the following ones look slow:
 *
 * 1. **CPU**: the platform is saturated, or the machine that the lab shares with it.
 *
 * 2. **Event loop**: the CPU is not saturated, but timers are late: something blocks the loop.
 *
 * 3. **The longest wait of operations**: pool, locks, database or venue. A queue for connections is only the
 * consequence when the connections' holders wait for a lock or a slow database.
 */
export function nameLimit(step: StepRecord, { objective, cores }: LimitContext): LimitFinding {
  const { cpuCores, eventLoopLagMsP99, eventLoopStalledShare, waits } = step.resources;
  const { mean, p95 } = step.latencyMs;
  if (cpuCores === null)
    return unexplained("The platform's CPU time could not be read, so no limit is named.");
  if (mean === null || p95 === null) return unexplained("No operation was answered.");
  const cpuShare = cpuCores / cores;
  const cpu = `the CPU is at ${percent(cpuShare)}`;
  if (cpuShare >= SATURATED) {
    return named("cpu", `The platform uses ${percent(cpuShare)} of its ${cores === 1 ? "core" : "cores"}.`);
  }
  if ((step.machineFullShare ?? 0) >= MACHINE_FULL) {
    return named(
      "cpu",
      `The lab's machine has no CPU left, while the platform itself uses ${percent(cpuShare)}.`,
    );
  }
  const lagMs = eventLoopLagMsP99 ?? 0;
  const stalled = (eventLoopStalledShare ?? 0) >= LOOP_STALLED;
  if (lagMs >= p95 * LAG_SHARE_OF_P95 || (stalled && cpuShare < CPU_HAS_TIME)) {
    return named("event-loop", `Its timers fire ${ms(lagMs)} late at P99 while ${cpu}.`);
  }
  if (stalled) return named("cpu", `Its event loop is full of work, and ${cpu}.`);
  const longest = longestWait(waits);
  if (longest !== null && longest.waitMs >= mean * EXPLAINS) {
    const { limit, because } = causeOf(longest.limit, step.resources, objective);
    // Background work waits as well, so the sum may exceed what the clients measure.
    const wait = `${ms(longest.waitMs)} for each operation, which takes ${ms(mean)} on average`;
    return named(limit, `${because}: ${wait}, while ${cpu}.`);
  }
  if (cpuShare >= CPU_HAS_TIME) {
    return named("cpu", `Operations do not wait for anything that is measured, and ${cpu}.`);
  }
  return unexplained(
    longest === null
      ? `The waits for pool, locks, database and venue could not be measured, and ${cpu}.`
      : `The longest wait that is measured, for the ${LIMIT_TITLES[longest.limit]}, is ${ms(longest.waitMs)} of ${ms(mean)}, and ${cpu}.`,
  );
}

type Waited = "pool" | "locks" | "database" | "venue";

function longestWait(waits: OperationWaits): { readonly limit: Waited; readonly waitMs: number } | null {
  const { poolMs, locksMs, databaseMs, venueMs } = waits;
  const hidden = (venueMs ?? 0) >= (databaseMs ?? 0) * VENUE_WITHIN_TRANSACTIONS;
  const candidates = [
    { limit: "pool" as const, waitMs: poolMs },
    { limit: "locks" as const, waitMs: locksMs },
    { limit: "database" as const, waitMs: hidden ? null : databaseMs },
    { limit: "venue" as const, waitMs: venueMs },
  ].flatMap(({ limit, waitMs }) => (waitMs === null ? [] : [{ limit, waitMs }]));
  return candidates.toSorted((one, other) => other.waitMs - one.waitMs)[0] ?? null;
}

/** The cause of the longest wait. */
function causeOf(
  waited: Waited,
  { lockWaiting, poolActive, statementMs, waits }: ResourceReading,
  objective: LoadObjective,
): { readonly limit: LimitName; readonly because: string } {
  switch (waited) {
    case "locks":
      return { limit: "locks", because: "Transactions wait for each other's locks" };
    case "database":
      if ((waits.locksMs ?? 0) >= (waits.databaseMs ?? 0) * LOCKS_WITHIN_TRANSACTIONS) {
        const locked = `${ms(waits.locksMs ?? 0)} of that are waits for locks`;
        return { limit: "locks", because: `Transactions are slow, and ${locked}` };
      }
      return { limit: "database", because: "Transactions are slow" };
    case "venue":
      return { limit: "venue", because: "Venues answer slowly" };
    case "pool":
      if (lockWaiting !== null && poolActive !== null && lockWaiting >= poolActive / 2) {
        const held = `${lockWaiting.toFixed(1)} of the ${poolActive.toFixed(1)} connections in use wait for a lock`;
        return { limit: "locks", because: `Requests wait for a connection, and ${held}` };
      }
      if (statementMs !== null && statementMs >= objective.latencyMsP95 * SLOW_STATEMENT) {
        const slow = `a statement takes ${ms(statementMs)}`;
        return { limit: "database", because: `Requests wait for a connection, and ${slow}` };
      }
      return { limit: "pool", because: "Requests wait for a connection" };
  }
}

function named(limit: LimitName, why: string): LimitFinding {
  return { kind: "named", limit, nature: limit === "cpu" ? "saturation" : "backpressure", why };
}

function unexplained(why: string): LimitFinding {
  return { kind: "unexplained", why };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

function ms(durationMs: number): string {
  return `${durationMs < 10 ? durationMs.toFixed(1) : durationMs.toFixed(0)} ms`;
}
