import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../../core/index.ts";
import { ALL_RULE_FILES, alertsOf, Labels, loadRuleFiles } from "../../../signals/index.ts";
import { loadedRule, startPrometheus } from "../../blast/testing/prometheus.ts";
import { REQUESTS } from "../judge/canary-signal.ts";
import { growthOf, restartsOf, type Snapshot } from "./counter-growth.ts";
import { lookOf } from "./look-growth.ts";
import { prometheusArm, withMatchers } from "./prometheus-arm.ts";
import { prometheusTriggers } from "./prometheus-triggers.ts";
import { watchTriggers } from "./watched-triggers.ts";

const SELECTOR = "http_requests_total";
const signal = new AbortController().signal;

/** A snapshot of counters by status, in the processes that are named with their start. */
function snapshot(
  atMs: number,
  starts: Readonly<Record<string, number>>,
  ...values: readonly (readonly [instance: string, status: string, value: number])[]
): Snapshot {
  const series = values.map(([instance, status, value]) => ({ labels: { instance, status }, value }));
  return {
    atMs,
    starts: new Map(Object.entries(starts)),
    series: { [SELECTOR]: { kind: "measured", value: series } },
  };
}

function grown(before: Snapshot, now: Snapshot): readonly number[] {
  const growth = growthOf(before, now, SELECTOR);
  return growth.kind === "measured" ? growth.value.map((each) => each.growth) : expect.fail(growth.why);
}

describe("the growth of counters", () => {
  it("counts a series that appears from zero, of which a rate would see nothing", () => {
    const before = snapshot(10_000, { a: 1 }, ["a", "200", 50]);
    const now = snapshot(20_000, { a: 1 }, ["a", "200", 80], ["a", "500", 3]);
    expect(grown(before, now)).toEqual([30, 3]);
  });

  it("counts a process that started again from zero, also when it has counted further than before", () => {
    const before = snapshot(10_000, { a: 1 }, ["a", "200", 50]);
    expect(grown(before, snapshot(20_000, { a: 15 }, ["a", "200", 70]))).toEqual([70]);
    expect(restartsOf(before, snapshot(20_000, { a: 15 }))).toEqual({ kind: "measured", value: 1 });
    expect(restartsOf(before, snapshot(20_000, { a: 1 }))).toEqual({ kind: "measured", value: 0 });
  });

  it("counts a process that it meets for the first time from then on, and one that is new from its start", () => {
    const before = snapshot(10_000, { a: 1 }, ["a", "200", 50]);
    const now = snapshot(
      20_000,
      { a: 1, old: 2, new: 12 },
      ["a", "200", 60],
      ["old", "200", 900],
      ["new", "200", 4],
    );
    expect(grown(before, now)).toEqual([10, 0, 4]);
  });

  it("is unknown where one of the two could not be read", () => {
    const before = snapshot(10_000, { a: 1 }, ["a", "200", 50]);
    const lost: Snapshot = { ...before, series: { [SELECTOR]: { kind: "unknown", why: "it is away" } } };
    expect(growthOf(before, lost, SELECTOR)).toEqual({ kind: "unknown", why: "it is away" });
    expect(growthOf(lost, before, SELECTOR)).toEqual({ kind: "unknown", why: "it is away" });
  });
});

describe("an arm in a Prometheus", () => {
  const NOW_MS = 1_800_000_000_000;

  /** Reads one selector from a server that answers like a Prometheus with these values, and more fields. */
  async function read(values: readonly string[], more: object = {}, sampledAtMs = NOW_MS) {
    const queries: string[] = [];
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        const query = new URLSearchParams(body).get("query") ?? "";
        queries.push(query);
        const shown = query.startsWith("timestamp(") ? values.map(() => String(sampledAtMs / 1_000)) : values;
        const result = shown.map((value, index) => ({
          metric: { n: `${index}` },
          value: [NOW_MS / 1_000, value],
        }));
        const found = query.startsWith("count(") ? [] : result;
        response.end(
          JSON.stringify({ status: "success", data: { resultType: "vector", result: found }, ...more }),
        );
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const source = { kind: "prometheus", url, match: 'version="v2"' } as const;
    const arm = prometheusArm({ source, allowedHosts: [], timeoutMs: 5_000 });
    const reading = await arm.read('http_requests_total{route!="/metrics"}', NOW_MS, signal);
    server.closeAllConnections();
    server.close();
    await once(server, "close");
    return { reading, queries };
  }

  it("is asked with the matchers of the arm, and answers with each series", async () => {
    const { reading, queries } = await read(["3", "4"]);
    expect(reading).toMatchObject({ kind: "measured", value: [{ value: 3 }, { value: 4 }] });
    expect(queries.at(-1)).toBe('http_requests_total{route!="/metrics",version="v2"}');
    expect(withMatchers("up", 'a="b"')).toBe('up{a="b"}');
  });

  it.each([
    ["an empty result", [], {}, /^no series for/],
    ["no number", ["1", "NaN"], {}, /is NaN$/],
    ["a warning", ["1"], { warnings: ["only a part was there"] }, /^Prometheus warns: only a part was there/],
    ["an error", ["1"], { status: "error", errorType: "timeout", error: "too slow" }, /too slow/],
  ] as const)("is unknown with %s", async (_, values, more, why) => {
    const { reading } = await read(values, more);
    expect(reading).toMatchObject({ kind: "unknown", why: expect.stringMatching(why) });
  });

  it("is unknown when its newest sample is old, which an instant query does not say", async () => {
    const { reading } = await read(["3"], {}, NOW_MS - 200_000);
    expect(reading).toMatchObject({
      kind: "unknown",
      why: expect.stringMatching(/latest sample .* is 3 min 20 s old/),
    });
  });
});

describe("the triggers", () => {
  it("are all twenty, and have no data where there is none", async () => {
    const groups = await loadRuleFiles(ALL_RULE_FILES);
    const options = { groups, clock: systemClock, timeScale: 1, intervalMs: 1_000 };
    await using triggers = watchTriggers(options);
    const states = await triggers.states(signal);
    expect(states).toHaveLength(20);
    expect(new Set(states.map(({ state }) => state))).toEqual(new Set(["no-data"]));
  });

  it("fire on what comes, and forget it when another share begins", async () => {
    const groups = await loadRuleFiles(ALL_RULE_FILES);
    const options = { groups, clock: systemClock, timeScale: 1, intervalMs: 20 };
    await using triggers = watchTriggers(options);
    const labels = Labels.of({ __name__: "decimal_precision_errors_total", instance: "a" });
    const nowMs = systemClock.nowMs();
    triggers.sink.append(labels, nowMs - 20_000, 0);
    triggers.sink.append(labels, nowMs - 1_000, 1);
    const firing = async () => (await triggers.states(signal)).filter(({ state }) => state === "firing");
    await expect
      .poll(firing, { timeout: 30_000 })
      .toMatchObject([{ name: "DecimalPrecisionErrors", firedAt: expect.any(String) }]);
    await triggers.forget();
    expect(await firing()).toEqual([]);
  });
});

describe("the triggers of a Prometheus", () => {
  /** The states of the triggers in a Prometheus that has loaded these rules, with these alerts. */
  async function states(isLoaded: (name: string) => boolean, firing: readonly string[], age = 0) {
    const groups = await loadRuleFiles(ALL_RULE_FILES);
    const nowMs = systemClock.nowMs();
    const rules = alertsOf(groups)
      .filter(({ name }) => isLoaded(name))
      .map((rule) => loadedRule(rule, nowMs - age));
    const alerts = firing.map((alertname) => ({ alertname, severity: "rollback", state: "firing" }));
    await using prometheus = await startPrometheus({ rules, alerts, nowMs });
    const source = { kind: "prometheus", url: new URL(prometheus.url), match: 'version="v2"' } as const;
    await using triggers = prometheusTriggers({ source, groups, allowedHosts: [], timeoutMs: 5_000 });
    const found = await triggers.states(signal);
    const named = (state: string) => found.filter((each) => each.state === state).map(({ name }) => name);
    return { inactive: named("inactive"), firing: named("firing"), blind: named("no-data") };
  }

  it("are inactive where all are loaded and evaluated", async () => {
    const { inactive, firing, blind } = await states(() => true, []);
    expect([inactive.length, firing, blind]).toEqual([20, [], []]);
  });

  it("fire where their alert fires, and are blind where their sibling does", async () => {
    const { firing, blind } = await states(() => true, ["OutboxLagExplosion", "GcPauseHighAbsent"]);
    expect([firing, blind]).toEqual([["OutboxLagExplosion"], ["GcPauseHigh"]]);
  });

  it("have no data where they are not loaded, or were not evaluated lately", async () => {
    expect((await states((name) => name !== "GcPauseHigh", [])).blind).toEqual(["GcPauseHigh"]);
    expect((await states(() => true, [], 600_000)).blind).toHaveLength(20);
  });
});

describe("a look", () => {
  it("is unknown where a counter grows by a part, which counts nothing", () => {
    const at = (atMs: number, requests: number): Snapshot => ({
      atMs,
      starts: new Map([["a", 1]]),
      series: {
        [REQUESTS]: {
          kind: "measured",
          value: [{ labels: { instance: "a", status: "200" }, value: requests }],
        },
      },
    });
    const [before, whole, part] = [at(10_000, 5), at(20_000, 7), at(20_000, 7.5)];
    const look = lookOf({
      before: { stable: before, candidate: before },
      now: { stable: whole, candidate: part },
      timeScale: 1,
    });
    expect(look.stable.requests).toEqual({ kind: "measured", value: 2 });
    expect(look.candidate.requests).toMatchObject({
      kind: "unknown",
      why: expect.stringContaining("grew by 2.5"),
    });
    expect(look.candidate.growths.http_errors).toMatchObject({ kind: "unknown" });
  });
});
