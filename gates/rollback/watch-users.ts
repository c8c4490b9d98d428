import { type Clock, Disposals } from "../../core/index.ts";
import { NetworkError, pathOn, requestHttp } from "../../network/index.ts";
import { GOLDEN_SIGNALS, metricsSource, queryStore, SampleStore, Scraper } from "../../signals/index.ts";
import { type CandidateTraffic, judgeUsers, type SignalValue, type UserProbe } from "./judge-users.ts";
import type { UsersWatch } from "./rollback-step.ts";

/** What is watched. */
export interface UsersToWatch {
  /** Where users come in: the balancer. */
  readonly front: URL;
  /** A path that every version answers. */
  readonly healthPath: string;
  /** The metrics pages of the replicas. */
  readonly stable: readonly URL[];
  readonly candidate: readonly URL[];
  readonly allowedHosts: readonly string[];
  readonly clock: Clock;
}

/** A watch that scrapes until it is disposed of. */
export interface StartedUsersWatch extends UsersWatch, AsyncDisposable {}

const PROBES = 20;
const AT_ONCE = 5;
const PROBE_DEADLINE_MS = 2_000;
const SCRAPE_INTERVAL_MS = 500;
/** The signals look back a minute; here ten seconds, since it is asked whether users are well now. */
const TIME_SCALE = 6;
const REQUESTS = "http_requests_total";
/** What others than users ask the candidate for: the balancer, the monitor, and this rollback. */
const NOT_OF_USERS = ["/metrics", "/api/features/status", "/api/tools/kill-switch"];

/** Starts to watch users: probes on their way in, golden signals of the stable version, requests at the candidate. */
export async function watchUsers(watched: UsersToWatch): Promise<StartedUsersWatch> {
  const { front, healthPath, clock } = watched;
  await using opened = new Disposals();
  const stable = opened.use(await startScraping("stable", watched.stable, watched));
  const candidate = opened.use(await startScraping("candidate", watched.candidate, watched));
  const kept = opened.move();
  const health = pathOn(front, healthPath);
  return {
    describe: `${PROBES} probes of ${health.origin}${health.pathname}, the ${GOLDEN_SIGNALS.length} golden signals of stable, requests at the candidate`,
    read: async (signal) => {
      const probes = await probeFront(health, watched, signal);
      return judgeUsers({
        probes,
        signals: GOLDEN_SIGNALS.map((golden) => ({
          signal: golden,
          value: readSignal(stable, golden.query, clock.nowMs()),
        })),
        candidate: trafficAt(candidate, stable, healthPath, clock.nowMs()),
      });
    },
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  };
}

interface Scraped extends AsyncDisposable {
  readonly store: SampleStore;
  readonly scraper: Scraper;
}

async function startScraping(
  name: string,
  pages: readonly URL[],
  { clock, allowedHosts }: UsersToWatch,
): Promise<Scraped> {
  const store = new SampleStore(clock);
  const sources = pages.map(({ href }) => metricsSource({ name, url: href, allowedHosts }));
  const scraper = new Scraper({ sources, sinks: [store], clock, intervalMs: SCRAPE_INTERVAL_MS });
  await scraper.collectOnce();
  scraper.start();
  return { store, scraper, [Symbol.asyncDispose]: () => scraper.stop() };
}

async function probeFront(
  url: URL,
  { allowedHosts, clock }: UsersToWatch,
  signal: AbortSignal,
): Promise<readonly UserProbe[]> {
  const probes: UserProbe[] = [];
  for (let sent = 0; sent < PROBES; sent += AT_ONCE) {
    const round = Array.from({ length: AT_ONCE }, async (): Promise<UserProbe> => {
      const beganMs = clock.monotonicMs();
      const status = await requestHttp(url, { signal, allowedHosts, deadlineMs: PROBE_DEADLINE_MS }).then(
        (answer) => answer.status,
        (error: unknown) => {
          if (!(error instanceof NetworkError)) throw error;
          return null;
        },
      );
      return { status, latencyMs: clock.monotonicMs() - beganMs };
    });
    probes.push(...(await Promise.all(round)));
  }
  return probes;
}

function readSignal({ store, scraper }: Scraped, query: string, nowMs: number): SignalValue {
  const down = scraper.health().find(({ isUp }) => isUp !== true);
  if (down !== undefined) return { kind: "no-data", why: "a metrics page of stable does not answer" };
  const answer = queryStore(store, query, nowMs, TIME_SCALE);
  if (answer.kind === "no-data") return { kind: "no-data", why: "no data" };
  if (answer.elements.length > 1) return { kind: "no-data", why: "more than one series" };
  const value = answer.elements[0]?.value;
  if (value === undefined) {
    // A counter appears with its first event: where requests are counted and none of them failed, none failed.
    const isZero = query.includes(REQUESTS) && countsRequests(store, nowMs);
    return isZero ? { kind: "number", value: 0 } : { kind: "no-data", why: "no series" };
  }
  return Number.isNaN(value) ? { kind: "idle" } : { kind: "number", value };
}

/** @param stable shows whether this platform counts requests at all: a new process has no counter before the first. */
function trafficAt(
  { store, scraper }: Scraped,
  stable: Scraped,
  healthPath: string,
  nowMs: number,
): CandidateTraffic {
  const health = scraper.health();
  if (health.length === 0) return { kind: "unknown", why: "no metrics page of it is named" };
  const down = health.filter(({ isUp }) => isUp !== true);
  if (down.length > 0) {
    const isGone =
      down.length === health.length && down.every(({ lastFailure }) => refused(lastFailure?.error));
    return isGone ? { kind: "gone" } : { kind: "unknown", why: "a metrics page of it does not answer" };
  }
  const routes = [...NOT_OF_USERS, healthPath].join("|");
  const query = `sum(increase(${REQUESTS}{route!~${JSON.stringify(routes)}}[1m]))`;
  const answer = queryStore(store, query, nowMs, TIME_SCALE);
  if (answer.kind === "no-data" && !countsRequests(stable.store, nowMs)) {
    return { kind: "unknown", why: "it counts no requests" };
  }
  const requests = answer.kind === "no-data" ? 0 : (answer.elements[0]?.value ?? 0);
  // An increase is extrapolated to the whole window: less than half a request is none.
  return { kind: "counted", requests: requests < 0.5 ? 0 : requests };
}

function countsRequests(store: SampleStore, nowMs: number): boolean {
  const answer = queryStore(store, `count(${REQUESTS})`, nowMs, TIME_SCALE);
  return answer.kind === "elements" && answer.elements.length > 0;
}

function refused(error: unknown): boolean {
  return error instanceof NetworkError && error.received.includes("ECONNREFUSED");
}
