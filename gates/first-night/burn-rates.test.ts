import { describe, expect, it, onTestFinished } from "vitest";
import { prometheusSource } from "../../signals/index.ts";
import { startAnsweringPrometheus } from "../golden/testing/answering-prometheus.ts";
import { readBurnRates } from "./burn-rates.ts";

interface Told {
  /** The share of bad requests, by the window of the query; 0 for all others. */
  readonly bad?: Readonly<Record<string, string>>;
  /** Requests in each window. */
  readonly requests?: string;
}

/** Reads the burn rates of availability (99 %) from a Prometheus that answers so, by their windows. */
async function burnsOf({ bad = {}, requests = "1000" }: Told) {
  const prometheus = await startAnsweringPrometheus((query) => {
    if (query.startsWith("sum(increase(")) return [requests];
    const window = /\[(\w+)\]/.exec(query)?.[1] ?? "";
    const share = query.includes("5..") ? (bad[window] ?? "0") : "0";
    // The query of what is left of a budget is made of that of its bad share.
    if (!query.startsWith("1 - (")) return share === "" ? [] : [share];
    return [String(1 - Number(share) / 0.01)];
  });
  onTestFinished(() => prometheus[Symbol.asyncDispose]());
  const source = prometheusSource({ url: prometheus.url });
  const { burns, budgets } = await readBurnRates(source, 0, new AbortController().signal);
  const ofAvailability = burns.filter(({ objective }) => objective === "availability");
  return {
    standings: Object.fromEntries(ofAvailability.map(({ window, standing }) => [window, standing])),
    burns: ofAvailability,
    budget: budgets.find(({ objective }) => objective === "availability"),
  };
}

const ALL = { "1h/5m": "holds", "6h/30m": "holds", "1d/2h": "holds", "3d/6h": "holds" };

describe("a burn rate", () => {
  it("holds where nothing is spent", async () => {
    expect((await burnsOf({})).standings).toEqual(ALL);
  });

  it("burns where both windows of a pair are above its factor", async () => {
    const { standings, burns } = await burnsOf({ bad: { "1h": "0.15", "5m": "0.2" } });
    expect(standings).toEqual({ ...ALL, "1h/5m": "burns" });
    expect(burns[0]).toMatchObject({ long: 15, short: 20, severity: "page" });
  });

  it.each([
    ["the long one alone: it is over", { "1h": "0.15" }],
    ["the short one alone: it is short", { "5m": "0.5" }],
    ["exactly the factor", { "1h": "0.144", "5m": "0.144" }],
  ])("holds by %s", async (_, bad) => {
    expect((await burnsOf({ bad })).standings).toEqual(ALL);
  });

  it("of few requests is unknown, however many of them are bad", async () => {
    const { standings, burns } = await burnsOf({ bad: { "1h": "1", "5m": "1" }, requests: "3" });
    expect(standings["1h/5m"]).toBe("unknown");
    expect(burns[0]?.why).toBe("3 requests in 5m, at least 20 are needed");
  });

  it("without data in one of its windows is unknown", async () => {
    const { standings } = await burnsOf({ bad: { "6h": "" } });
    expect(standings).toEqual({ ...ALL, "6h/30m": "unknown", "3d/6h": "unknown" });
  });
});

describe("what is left of a budget", () => {
  it.each([
    ["0", 1, false],
    ["0.0085", 0.15, false],
    ["0.0095", 0.05, true],
    ["0.02", -1, true],
  ])("of %s bad requests in 30 days is %d, and freezes releases: %s", async (bad, left, isLow) => {
    const { budget } = await burnsOf({ bad: { "30d": bad } });
    expect(budget?.left).toBeCloseTo(left);
    expect(budget?.isLow).toBe(isLow);
  });
});
