import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../core/index.ts";
import { type Lab, startLab } from "../lab/index.ts";
import { startLoad } from "../load/index.ts";
import {
  metricsSource,
  PANELS,
  parseRules,
  pgbouncerSource,
  queryStore,
  renderDashboard,
  renderRules,
  SampleStore,
  Scraper,
  TriggerWatch,
} from "../signals/index.ts";
import { DEFAULT_TIME_SCALE } from "./run-experiments.ts";
import { testLab } from "./testing/suite.ts";

const SEED = 1;
/** This panel shows pending and firing alerts. A healthy lab has none, so its query may return no elements. */
const MAY_BE_EMPTY = ["Triggers"];
const RATE_RPS = 20;
/** By then there are enough samples for the longest range of the panels, at the lab's time scale. */
const ENOUGH_OPERATIONS = 80;

interface Drawn {
  readonly title: string;
  readonly expression: string;
}

const DRAWN: readonly Drawn[] = PANELS.flatMap(({ title, queries }) =>
  queries.map(({ expression }) => ({ title, expression })),
);

describe("the exported dashboard and rules, on a lab's data", () => {
  const store = new SampleStore(systemClock);
  let lab: Lab;
  let atMs: number;
  let watch: TriggerWatch;

  beforeAll(async () => {
    const signal = new AbortController().signal;
    const options = await testLab();
    const { platform } = options;
    lab = await startLab({ name: "local" }, { ...options, logDirectory: null, signal });
    const { metrics, poolerAdminUrl, api } = lab.addresses;
    await using scraper = new Scraper({
      sources: [
        metricsSource({ name: "platform", url: metrics }),
        pgbouncerSource({ name: "pgbouncer", connectionString: poolerAdminUrl }),
      ],
      sinks: [store],
      clock: systemClock,
    });
    scraper.start();
    // Panels may use series that recording rules make, so the rules are evaluated as Prometheus would.
    watch = new TriggerWatch({
      groups: parseRules(await renderRules(), "kanit-rules.yml"),
      store,
      clock: systemClock,
      timeScale: DEFAULT_TIME_SCALE,
    });
    await using load = await startLoad({
      baseUrl: api,
      api: platform.api,
      seed: SEED,
      arrivals: { kind: "constant", rateRps: RATE_RPS, durationMs: 60_000, spacing: "even" },
    });
    const completed = Promise.withResolvers<void>();
    let operations = 0;
    load.onTick((tick) => {
      operations += tick.completed;
      if (operations >= ENOUGH_OPERATIONS) completed.resolve();
    });
    await completed.promise;
    await scraper.collectOnce();
    atMs = systemClock.nowMs();
    watch.tick(atMs);
  });
  afterAll(async () => {
    await lab.stop();
  });

  it.each(DRAWN)("$title: $expression returns data", ({ title, expression }) => {
    const answer = queryStore(store, expression, atMs, DEFAULT_TIME_SCALE);
    if (MAY_BE_EMPTY.includes(title)) return expect(["elements", "no-data"]).toContain(answer.kind);
    expect(answer.kind === "elements" ? answer.elements.length : 0).toBeGreaterThan(0);
  });

  it("draws exactly what the exported file contains", () => {
    const { panels } = JSON.parse(renderDashboard()) as {
      readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
    };
    const exported = panels.flatMap((panel) => panel.targets.map((target) => target.expr));
    expect(exported).toEqual(DRAWN.map(({ expression }) => expression));
  });

  it("evaluates every exported rule without an error", () => {
    const failed = watch.triggers().filter((trigger) => trigger.failures.length > 0);
    expect(failed.map(({ name, failures }) => [name, String(failures[0]?.error)])).toEqual([]);
    expect(watch.triggers().length).toBeGreaterThan(40);
  });
});
