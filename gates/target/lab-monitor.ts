import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Clock } from "../../core/index.ts";
import type { LabAddresses } from "../../lab/index.ts";
import {
  metricsSource,
  pgbouncerSource,
  postgresSource,
  queryStore,
  type RuleGroup,
  SampleStore,
  Scraper,
  type Source,
} from "../../signals/index.ts";
import { LabAlertmanager } from "./lab-alertmanager.ts";
import { type LabTriggers, watchLabTriggers } from "./lab-triggers.ts";

/** The jobs that a lab's monitor scrapes. */
export const LAB_JOBS = ["platform", "pgbouncer", "postgres"] as const;
type LabJob = (typeof LAB_JOBS)[number];

const SCRAPE_INTERVAL_MS = 1_000;
/** Two scrapes are in the shortest range of a trigger, which is a minute, at each time scale up to 300. */
const SCALED_INTERVAL_MS = 30_000;
const SHORTEST_INTERVAL_MS = 100;

/** A monitor of a lab, which speaks the parts of Prometheus's and of Alertmanager's API that gates ask. */
export interface LabMonitor extends AsyncDisposable {
  readonly url: string;
  /** Ends the scraping, as a monitor that hangs. What was scraped stays, and becomes old. */
  stopScraping(): Promise<void>;
}

export interface LabMonitorOptions {
  readonly addresses: Pick<LabAddresses, "metrics" | "databaseUrl" | "poolerAdminUrl">;
  /** Addresses in place of a job's own. */
  readonly moved: Readonly<Partial<Record<LabJob, string>>>;
  readonly clock: Clock;
  /** How many seconds one second of the lab stands for: all ranges of queries and triggers are divided by it. */
  readonly timeScale: number;
  /** The triggers that it watches. */
  readonly triggers: readonly RuleGroup[];
}

/**
 * Starts the monitor, which has scraped each target once when this resolves. A lab has no Prometheus of its own; the
 * same checks ask a real one where `release.yml` names it.
 */
export async function startLabMonitor(options: LabMonitorOptions): Promise<LabMonitor> {
  const { addresses, moved, clock, timeScale } = options;
  const urls: Readonly<Record<LabJob, string>> = {
    platform: addresses.metrics,
    pgbouncer: addresses.poolerAdminUrl,
    postgres: addresses.databaseUrl,
    ...moved,
  };
  const sources = LAB_JOBS.map((job) => sourceOf(job, urls[job]));
  const store = new SampleStore(clock);
  const intervalMs = Math.max(
    SHORTEST_INTERVAL_MS,
    Math.min(SCRAPE_INTERVAL_MS, Math.floor(SCALED_INTERVAL_MS / timeScale)),
  );
  const groups = options.triggers;
  const triggers =
    groups.length === 0 ? null : watchLabTriggers({ groups, store, clock, timeScale, intervalMs });
  // Ages stay as they are: the windows are those of a rehearsal, and the platform's feeds are not quicker for it.
  const scraper = new Scraper({ sources, sinks: [store], clock, intervalMs });
  await scraper.collectOnce();
  scraper.start();
  let stopped: Promise<void> | null = null;
  const stopScraping = () => {
    stopped ??= scraper.stop();
    return stopped;
  };
  const alertmanager = new LabAlertmanager(clock);
  const monitored = { store, scraper, sources, clock, timeScale, triggers, intervalMs, alertmanager };
  const server = createServer((request, response) => {
    void answerTo(request, monitored).then(({ status, body }) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body)),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stopScraping,
    [Symbol.asyncDispose]: async () => {
      await triggers?.[Symbol.asyncDispose]();
      await stopScraping();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function sourceOf(job: LabJob, url: string): Source {
  switch (job) {
    case "platform":
      return metricsSource({ name: job, url });
    case "pgbouncer":
      return pgbouncerSource({ name: job, connectionString: url });
    case "postgres":
      return postgresSource({ name: job, connectionString: url });
  }
}

interface Monitored {
  readonly store: SampleStore;
  readonly scraper: Scraper;
  readonly sources: readonly Source[];
  readonly clock: Clock;
  readonly timeScale: number;
  readonly triggers: LabTriggers | null;
  readonly intervalMs: number;
  readonly alertmanager: LabAlertmanager;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function answerTo(request: IncomingMessage, monitored: Monitored): Promise<Answer> {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const body = request.method === "POST" ? await text(request) : "";
  const alerting = monitored.alertmanager.answer(request.method ?? "", url.pathname, body);
  if (alerting !== null) return alerting;
  const parameters = request.method === "POST" ? new URLSearchParams(body) : url.searchParams;
  switch (url.pathname) {
    case "/api/v1/targets":
      return success({ activeTargets: targetsOf(monitored), droppedTargets: [] });
    case "/api/v1/query":
      return query(parameters, monitored);
    case "/api/v1/alerts":
      return monitored.triggers === null ? NOT_FOUND : success(monitored.triggers.alerts());
    case "/api/v1/alertmanagers":
      return success({ activeAlertmanagers: [{ url: `http://${url.host}/api/v2/alerts` }] });
    case "/api/v1/rules":
      return monitored.triggers === null ? NOT_FOUND : success(monitored.triggers.rules());
    default:
      return NOT_FOUND;
  }
}

const NOT_FOUND: Answer = {
  status: 404,
  body: { status: "error", errorType: "not_found", error: "not found" },
};

function success(data: unknown): Answer {
  return { status: 200, body: { status: "success", data } };
}

function targetsOf({ store, scraper, sources, clock, intervalMs }: Monitored) {
  const health = scraper.health();
  return sources.map(({ name, target }) => {
    const state = health.find((each) => each.name === name);
    const error = state?.isUp === true ? undefined : state?.lastFailure?.error;
    return {
      labels: target,
      scrapeUrl: target.instance,
      health: state?.isUp === undefined ? "unknown" : state.isUp ? "up" : "down",
      lastError: error === undefined ? "" : error instanceof Error ? error.message : String(error),
      lastScrape: new Date(lastScrapeMs(store, target, clock.nowMs())).toISOString(),
      scrapeInterval: `${intervalMs / 1_000}s`,
    };
  });
}

/**
 * The time of a target's last scrape, read from the stored samples, so that no scrape is reported that stored
 * nothing.
 */
function lastScrapeMs(store: SampleStore, { job }: Source["target"], nowMs: number): number {
  const answer = queryStore(store, `timestamp(up{job="${job}"})`, nowMs);
  return answer.kind === "elements" ? (answer.elements[0]?.value ?? 0) * 1_000 : 0;
}

function query(parameters: URLSearchParams, { store, clock, timeScale }: Monitored): Answer {
  const atMs = parameters.has("time") ? Number(parameters.get("time")) * 1_000 : clock.nowMs();
  try {
    const answer = queryStore(store, parameters.get("query") ?? "", atMs, timeScale);
    const elements = answer.kind === "elements" ? answer.elements : [];
    const result = elements.map(({ labels, value }) => ({
      metric: labels,
      value: [atMs / 1_000, String(value)],
    }));
    return success({ resultType: "vector", result });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { status: 400, body: { status: "error", errorType: "bad_data", error: reason } };
  }
}
