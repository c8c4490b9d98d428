import { describe, expect, it } from "vitest";
import { GOLDEN_SIGNALS } from "../../signals/index.ts";
import { judgeUsers, type SignalValue, type UsersFacts } from "./judge-users.ts";

const soundProbes = Array.from({ length: 20 }, () => ({ status: 200, latencyMs: 5 }));

/** All signals at zero, but these. */
function facts(changes: Readonly<Record<string, SignalValue>> = {}, others: Partial<UsersFacts> = {}) {
  return judgeUsers({
    probes: soundProbes,
    signals: GOLDEN_SIGNALS.map((signal) => ({
      signal,
      value: changes[signal.id] ?? { kind: "number", value: 0 },
    })),
    candidate: { kind: "counted", requests: 0 },
    ...others,
  });
}

describe("users", () => {
  it("are well when probes, all golden signals and the candidate's counters say so", () => {
    expect(facts().standing).toBe("well");
    expect(facts({}, { candidate: { kind: "gone" } }).standing).toBe("well");
  });

  it("are well without orders and reports, since nothing of nothing is no failure", () => {
    expect(facts({ idempotency_conflicts: { kind: "idle" }, gc_pause: { kind: "idle" } }).standing).toBe(
      "well",
    );
  });

  it.each([
    ["api_latency_p95", 0.3, "API P95 is 300 ms, expected at most 200 ms"],
    ["http_errors", 0.02, "5xx rate is 2.00 %, expected at most 1.00 %"],
    ["feed_staleness", 31, "Feed staleness is 31000 ms, expected at most 30000 ms"],
    ["risk_blocks", 0.5, "Risk blocks is 0.50 a minute, expected below 0.50 a minute"],
    ["csp_violations", 51, "CSP violations is 51.00 a minute, expected at most 50.00 a minute"],
  ])("are ill when %s is %s", (id, value, line) => {
    expect(facts({ [id]: { kind: "number", value } })).toEqual({ standing: "ill", lines: [line] });
  });

  it("are ill when probes fail or are slow, or the candidate still gets requests", () => {
    const probes = [{ status: 503, latencyMs: 1 }, { status: null, latencyMs: 2_000 }, ...soundProbes];
    expect(facts({}, { probes }).lines).toEqual(["2 of 22 probes failed: status 503"]);
    const slow = [{ status: 200, latencyMs: 300 }, { status: 200, latencyMs: 300 }, ...soundProbes.slice(2)];
    expect(facts({}, { probes: slow }).lines).toEqual(["2 of 20 probes took longer than 200 ms"]);
    expect(facts({}, { candidate: { kind: "counted", requests: 12 } }).standing).toBe("ill");
  });

  it.each<[string, Partial<UsersFacts>]>([
    ["no probe was sent", { probes: [] }],
    ["no signal was read", { signals: [] }],
    ["the candidate cannot be asked", { candidate: { kind: "unknown", why: "no answer" } }],
  ])("are unknown when %s", (_, others) => {
    expect(facts({}, others).standing).toBe("unknown");
  });

  it.each<[string, SignalValue]>([
    ["feed_staleness", { kind: "no-data", why: "no data" }],
    ["http_errors", { kind: "idle" }],
  ])("are unknown when %s has no value", (id, value) => {
    expect(facts({ [id]: value }).standing).toBe("unknown");
  });
});
