import { describe, expect, it } from "vitest";
import { systemClock } from "../core/index.ts";
import { prometheusSignals } from "./blast-signals.ts";
import { type StartedPrometheus, startPrometheus } from "./testing/prometheus.ts";

const ANSWERS = [["process_cpu_seconds_total", 0.4]] as const;

function ask({ url }: StartedPrometheus, signal = new AbortController().signal) {
  const options = {
    url,
    allowedHosts: [],
    match: 'instance="canary"',
    timeoutMs: 1_000,
    clock: systemClock,
    signal,
  };
  return prometheusSignals(options).ask(30_000);
}

const alert = (severity: string, state: string) => ({ alertname: "FeedStale", severity, state });

describe("what a blast queries of a Prometheus", () => {
  it("concerns only the canary, over a window with two scrapes", async () => {
    await using prometheus = await startPrometheus({ answers: ANSWERS });
    const { cpuFraction, answers, checks } = await ask(prometheus);
    expect(cpuFraction).toBe(0.4);
    expect(answers).toEqual([
      { question: 'sum(rate(process_cpu_seconds_total{instance="canary"}[60s]))', value: 0.4 },
      {
        question:
          "histogram_quantile(0.95, sum by (le) (rate(" +
          'http_request_duration_seconds_bucket{instance="canary",route!="/metrics"}[60s])))',
        value: null,
      },
      {
        question:
          'sum(rate(http_requests_total{instance="canary",status=~"5.."}[60s])) / ' +
          'sum(rate(http_requests_total{instance="canary"}[60s]))',
        value: null,
      },
    ]);
    expect(checks.map(({ verdict }) => verdict)).toEqual(["pass", "pass"]);
  });

  it("fails on a rollback trigger that fires, and not on one that is pending or of another severity", async () => {
    const calm = [alert("ticket", "firing"), alert("rollback", "pending")];
    await using quiet = await startPrometheus({ answers: ANSWERS, alerts: calm });
    expect((await ask(quiet)).checks[1]).toMatchObject({ name: "triggers", verdict: "pass" });
    await using loud = await startPrometheus({
      answers: ANSWERS,
      alerts: [...calm, alert("rollback", "firing")],
    });
    expect((await ask(loud)).checks[1]).toMatchObject({ verdict: "fail", received: "FeedStale" });
  });

  it("is inconclusive without data of the canary", async () => {
    await using prometheus = await startPrometheus({ answers: [] });
    const { cpuFraction, checks } = await ask(prometheus);
    expect(cpuFraction).toBeNull();
    expect(checks[0]).toMatchObject({ name: "Prometheus", verdict: "inconclusive" });
  });

  it("is inconclusive, with the reason in one line, without an answer", async () => {
    const gone = await startPrometheus({ answers: ANSWERS });
    await gone[Symbol.asyncDispose]();
    const { checks, remarks } = await ask(gone);
    expect(checks.map(({ verdict }) => verdict)).toEqual(["inconclusive", "inconclusive"]);
    expect(remarks).toEqual([expect.stringMatching(/^Expected an answer from Prometheus at [^\n]+$/)]);
  });

  it("reports that it was interrupted", async () => {
    await using prometheus = await startPrometheus({ answers: ANSWERS });
    const { checks, remarks } = await ask(prometheus, AbortSignal.abort());
    expect(checks.map(({ verdict }) => verdict)).toEqual(["inconclusive", "inconclusive"]);
    expect(remarks).toEqual(["Interrupted before the answer."]);
  });
});
