import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Clock, seededRandom } from "../../../core/index.ts";
import type { CanaryArms } from "../arm.ts";
import { type ArmLook, addGrowths, type Growth } from "../judge/growth.ts";
import type { Histogram } from "../statistics/histogram.ts";
import type { TrafficSplit } from "../traffic/traffic-split.ts";
import { type ArmBehavior, SOUND_ARM, simulatedLook } from "./simulated-arm.ts";

/** How a world goes on. Absent parts are sound. */
export interface WorldBehavior {
  /** The candidate, by the share that it gets. */
  readonly candidate?: (sharePercent: number) => Partial<ArmBehavior>;
  readonly requestsPerSecond?: number;
  /** What the balancer really does with the share that is asked. */
  readonly realShare?: (asked: number) => number;
  /** Replaces the candidate's metrics page. */
  readonly page?: (page: string, sharePercent: number) => string | null;
}

/** Two platforms on loopback with metrics pages, a balancer, and a clock that makes requests come as it goes on. */
export interface CanaryWorld extends AsyncDisposable {
  readonly arms: CanaryArms;
  readonly traffic: TrafficSplit;
  /** Each sleep goes by at once, and the requests of that time are answered. */
  readonly clock: Clock;
  /** The same time, for what collects in the background: its sleeps end only when it is stopped. */
  readonly background: Clock;
  /** The shares that were set. */
  readonly shares: readonly number[];
}

const START_MS = Date.parse("2026-03-02T09:00:00Z");

/** Starts a world at a time scale: a second of its clock has so many seconds of requests. */
export async function startCanaryWorld(behavior: WorldBehavior, timeScale: number): Promise<CanaryWorld> {
  const random = seededRandom(7);
  const { requestsPerSecond = 100, candidate = () => ({}), realShare = (asked) => asked } = behavior;
  const totals = { stable: new Totals(), candidate: new Totals() };
  const shares: number[] = [];
  let nowMs = 0;
  let share = 0;
  const advance = (ms: number) => {
    nowMs += ms;
    const seconds = (ms / 1_000) * timeScale;
    const look = simulatedLook(random, {
      ...{ atMs: nowMs, requests: Math.round(requestsPerSecond * seconds), share: realShare(share) / 100 },
      ...{ minutes: seconds / 60, stable: SOUND_ARM, candidate: { ...SOUND_ARM, ...candidate(share) } },
    });
    totals.stable.add(look.stable);
    totals.candidate.add(look.candidate);
  };
  const servers = (["stable", "candidate"] as const).map((name) =>
    createServer((_request, response) => {
      const page = totals[name].page();
      const shown = name === "candidate" ? (behavior.page ?? ((text) => text))(page, share) : page;
      response.writeHead(shown === null ? 503 : 200, { "content-type": "text/plain" }).end(shown ?? "");
    }).listen(0, "127.0.0.1"),
  );
  await Promise.all(servers.map((server) => once(server, "listening")));
  const sources = servers.map((server) => ({
    kind: "scrape" as const,
    metricsUrls: [new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`)],
  }));
  const [stable, other] = sources as [(typeof sources)[0], (typeof sources)[0]];
  const times = { nowMs: () => START_MS + nowMs, monotonicMs: () => nowMs };
  return {
    arms: { stable, candidate: other },
    shares,
    traffic: {
      kind: "manual",
      describe: (percent) => `set the share to ${percent} %`,
      setShare: (percent) => {
        share = percent;
        shares.push(percent);
        return Promise.resolve();
      },
    },
    clock: {
      ...times,
      sleep: (durationMs, signal) => {
        signal?.throwIfAborted();
        advance(durationMs);
        return Promise.resolve();
      },
    },
    background: { ...times, sleep: untilAborted },
    [Symbol.asyncDispose]: async () => {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
      await Promise.all(servers.map((server) => once(server, "close")));
    },
  };
}

function untilAborted(_durationMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** The counters of one platform. */
class Totals {
  readonly #growths = new Map<string, Growth>();

  add({ growths }: ArmLook): void {
    for (const [id, growth] of Object.entries(growths)) {
      if (growth.kind === "measured")
        this.#growths.set(id, addGrowths(this.#growths.get(id) ?? null, growth.value));
    }
  }

  page(): string {
    const of = (id: string) => this.#growths.get(id);
    const errors = of("http_errors");
    const [bad, total] = errors?.kind === "share" ? [errors.bad, errors.total] : [0, 0];
    const conflicts = of("idempotency_conflicts");
    const [conflicting, orders] = conflicts?.kind === "share" ? [conflicts.bad, conflicts.total] : [0, 0];
    const eventsOf = (id: string) => {
      const growth = of(id);
      return growth?.kind === "events" ? growth.events : 0;
    };
    const staleness = of("feed_staleness");
    return [
      `http_requests_total{route="/api/orders",status="201"} ${total - bad}`,
      ...(bad > 0 ? [`http_requests_total{route="/api/orders",status="500"} ${bad}`] : []),
      'http_requests_total{route="/metrics",status="200"} 77777',
      ...histogramLines("http_request_duration_seconds", 'route="/api/orders"', of("api_latency_p95")),
      ...histogramLines("event_loop_lag_seconds", "", of("event_loop_lag")),
      ...histogramLines("nodejs_gc_duration_seconds", 'kind="minor"', of("gc_pause")),
      `feed_staleness_seconds{feed="binance"} ${staleness?.kind === "gauge" ? staleness.value : 0}`,
      `risk_blocks_total{reason="max_quantity"} ${eventsOf("risk_blocks")}`,
      `csp_violations_total{directive="script-src"} ${eventsOf("csp_violations")}`,
      `idempotency_requests_total ${orders}`,
      `idempotency_conflicts_total ${conflicting}`,
      `process_start_time_seconds ${START_MS / 1_000 - 3_600}`,
      "",
    ].join("\n");
  }
}

function histogramLines(name: string, labels: string, growth: Growth | undefined): readonly string[] {
  const empty: Histogram = { upperBounds: [Infinity], counts: [0], sum: 0 };
  const { upperBounds, counts, sum } = growth?.kind === "durations" ? growth.histogram : empty;
  let below = 0;
  const own = labels === "" ? "" : `${labels},`;
  const buckets = upperBounds.map((bound, index) => {
    below += counts[index] ?? 0;
    return `${name}_bucket{${own}le="${bound === Infinity ? "+Inf" : bound}"} ${below}`;
  });
  const braces = labels === "" ? "" : `{${labels}}`;
  return [...buckets, `${name}_sum${braces} ${sum}`, `${name}_count${braces} ${below}`];
}
