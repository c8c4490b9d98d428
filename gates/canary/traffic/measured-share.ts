import { type Clock, Disposals } from "../../../core/index.ts";
import type { ArmName, ArmSource, CanaryArms } from "../arm.ts";
import { REQUESTS, STARTS } from "../judge/canary-signal.ts";
import type { ArmReader } from "../reading/arm-reader.ts";
import { growthOf, instanceOf, type Snapshot } from "../reading/counter-growth.ts";
import { prometheusArm } from "../reading/prometheus-arm.ts";
import { startScrapedArm } from "../reading/scraped-arm.ts";
import type { ArmRequests } from "./share-fit.ts";

const SCRAPE_INTERVAL_MS = 1_000;
const DEADLINE_MS = 5_000;

/** What both arms answered in an interval. */
type MeasuredRequests =
  | { readonly kind: "measured"; readonly requests: ArmRequests }
  | { readonly kind: "unknown"; readonly why: string };

/** Counts the requests of both arms by their own counters, from one reading to the next. */
export interface RequestMeter extends AsyncDisposable {
  /**
   * The requests of users since the last reading that succeeded; probes and scrapes are not counted. The first one says
   * that nothing is known yet.
   */
  read(signal: AbortSignal): Promise<MeasuredRequests>;
}

type ReadArms = Readonly<Record<ArmName, Snapshot>>;

/** Opens the counters of both arms. A process that started again between two readings counts from zero. */
export async function openRequestMeter(
  arms: CanaryArms,
  { allowedHosts, clock }: { readonly allowedHosts: readonly string[]; readonly clock: Clock },
): Promise<RequestMeter> {
  await using opened = new Disposals();
  const open = (name: ArmName, source: ArmSource) => opened.use(openArm(name, source, allowedHosts, clock));
  const readers = { stable: open("stable", arms.stable), candidate: open("candidate", arms.candidate) };
  const kept = opened.move();
  let before: ReadArms | null = null;
  return {
    read: async (signal) => {
      const [stable, candidate] = await Promise.all([
        readRequests(readers.stable, clock, signal),
        readRequests(readers.candidate, clock, signal),
      ]);
      const measured = requestsBetween(before, { stable, candidate });
      // A reading that failed is no beginning: the next one would never be measured either.
      if (isRead(stable) && isRead(candidate)) before = { stable, candidate };
      return measured;
    },
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  };
}

function openArm(name: ArmName, source: ArmSource, allowedHosts: readonly string[], clock: Clock): ArmReader {
  if (source.kind === "prometheus") return prometheusArm({ source, allowedHosts, timeoutMs: DEADLINE_MS });
  return startScrapedArm({
    ...{ name, source, allowedHosts, clock, triggers: null },
    intervalMs: SCRAPE_INTERVAL_MS,
  });
}

function isRead({ series }: Snapshot): boolean {
  return series[REQUESTS]?.kind === "measured";
}

async function readRequests(reader: ArmReader, clock: Clock, signal: AbortSignal): Promise<Snapshot> {
  await reader.refresh(signal);
  const atMs = clock.nowMs();
  const [requests, starts] = await Promise.all([
    reader.read(REQUESTS, atMs, signal),
    reader.read(STARTS, atMs, signal),
  ]);
  const processes = starts.kind === "measured" ? starts.value : [];
  return {
    atMs,
    series: { [REQUESTS]: requests },
    starts: new Map(processes.map(({ labels, value }) => [instanceOf(labels), value])),
  };
}

function requestsBetween(before: ReadArms | null, now: ReadArms): MeasuredRequests {
  if (before === null) return { kind: "unknown", why: "the counters were read for the first time" };
  const grown = (arm: ArmName) => growthOf(before[arm], now[arm], REQUESTS);
  const [stable, candidate] = [grown("stable"), grown("candidate")];
  if (stable.kind === "unknown") return { kind: "unknown", why: `stable: ${stable.why}` };
  if (candidate.kind === "unknown") return { kind: "unknown", why: `candidate: ${candidate.why}` };
  const sum = (values: readonly { readonly growth: number }[]) =>
    values.reduce((total, { growth }) => total + growth, 0);
  return {
    kind: "measured",
    requests: { stable: sum(stable.value), candidate: sum(candidate.value) },
  };
}
