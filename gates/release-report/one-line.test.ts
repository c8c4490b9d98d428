import { describe, expect, it } from "vitest";
import type { SnapshotRecord } from "../snapshot/snapshot-record.ts";
import { CANARY_STAGES, type CanaryStage } from "../snapshot/stage.ts";
import { oneLine } from "./one-line.ts";

type Signal = NonNullable<SnapshotRecord["golden"]>["signals"][number];

const VALUES = {
  api_latency_p95: 0.1398,
  http_errors: 0.003,
  feed_staleness: 12,
  risk_blocks: 0.1,
  idempotency_conflicts: 0.002,
  csp_violations: 2.08,
  event_loop_lag: 0.01,
  gc_pause: 0.01,
};

/** A snapshot whose signals are all within their limits, with changes to some. */
function snapshot(
  stage: CanaryStage,
  changes: Readonly<Record<string, Partial<Signal>>> = {},
): SnapshotRecord {
  return {
    ...{ schema: "kanit.snapshot/1", release: "v1.4.0", stage, target: "canary", commit: null },
    ...{ at: "2026-01-01T00:00:00.000Z", verdict: "pass", files: [] },
    golden: {
      ...{ source: "prometheus", window: "5m", at: "2026-01-01T00:00:00.000Z", requests: 1_000 },
      ...{ stalenessSecondsP95: 11.2, cspBaselinePerMinute: 2 },
      signals: Object.entries(VALUES).map(([id, value]) => ({
        ...{ id, value, limit: "", standing: "within", why: "" },
        ...changes[id],
      })),
    },
  };
}

/** All five stages, with some of them replaced. */
function stagesWith(changes: Partial<Record<CanaryStage, SnapshotRecord | null>> = {}) {
  return new Map(
    CANARY_STAGES.map((stage) => [stage, stage in changes ? (changes[stage] ?? null) : snapshot(stage)]),
  );
}

describe("the one line of a release", () => {
  it("has the format of the requirement", () => {
    expect(oneLine({ release: "v1.4.0", snapshots: stagesWith(), rollbacks: 0 })).toEqual({
      text:
        "v1.4.0 canary: 1%→100% tüm aşamalar 6/6 metrik geçer; rollback=0; p95=~140ms, 5xx=0.3%, ws_stale_p95=11s, " +
        "risk_block=0.1/min, idemp_conflict=0.2%, csp_viol=baseline+4%.",
      verdict: "pass",
      missing: [],
    });
  });

  it("says what is missing, and is inconclusive", () => {
    const none = oneLine({ release: "v1.4.0", snapshots: new Map(), rollbacks: null });
    expect(none.text).toBe(
      "v1.4.0 canary: missing 0/5 aşama 6/6 metrik geçer (1%: missing, 5%: missing, 25%: missing, 50%: missing, " +
        "100%: missing); rollback=missing; p95=missing, 5xx=missing, ws_stale_p95=missing, risk_block=missing, " +
        "idemp_conflict=missing, csp_viol=missing.",
    );
    expect(none.verdict).toBe("inconclusive");
    expect(none.missing).toHaveLength(12);
  });

  it("fails where a signal is over its limit, and names the stage", () => {
    const snapshots = stagesWith({
      "25": snapshot("25", { http_errors: { standing: "over", value: 0.02 } }),
    });
    const { text, verdict } = oneLine({ release: "v1.4.0", snapshots, rollbacks: 0 });
    expect(text).toContain("1%→100% 4/5 aşama 6/6 metrik geçer (25%: 5/6); rollback=0;");
    expect(verdict).toBe("fail");
  });

  it("does not count a signal that is unknown", () => {
    const unknown = snapshot("100", { risk_blocks: { standing: "unknown", value: null, why: "no data" } });
    const { text, verdict, missing } = oneLine({
      ...{ release: "v1.4.0", rollbacks: 0 },
      snapshots: stagesWith({ "100": unknown }),
    });
    expect(text).toContain("(100%: 5/6)");
    expect(text).toContain("risk_block=missing");
    expect(missing).toContain("stage 100 %: risk_blocks: no data");
    expect(verdict).toBe("inconclusive");
  });

  it("does not count a stage of another commit", () => {
    const other = { ...snapshot("5"), commit: "abc" };
    const { text, missing } = oneLine({
      ...{ release: "v1.4.0", rollbacks: 0 },
      snapshots: stagesWith({ "5": other }),
    });
    expect(text).toContain("(5%: missing)");
    expect(missing).toContain("stage 5 %: its snapshot is of commit abc");
  });

  it("fails after a rollback, and shows how far it came", () => {
    const snapshots = stagesWith({ "25": null, "50": null, "100": null });
    const { text, verdict } = oneLine({ release: "v1.4.0", snapshots, rollbacks: 1 });
    expect(text).toContain("canary: 1%→5% 2/5 aşama");
    expect(text).toContain("rollback=1;");
    expect(verdict).toBe("fail");
  });

  it.each([
    [2, 1.8, "baseline-10%"],
    [0, 0, "baseline+0%"],
    [0, 1.5, "1.5/min (baseline 0)"],
  ])("of %d CSP violations a minute before and %d now says %s", (before, now, said) => {
    const { golden, ...rest } = snapshot("100", { csp_violations: { value: now } });
    if (golden === null) throw new Error("Expected golden signals.");
    const last = { ...rest, golden: { ...golden, cspBaselinePerMinute: before } };
    const { text } = oneLine({ release: "v1", snapshots: stagesWith({ "100": last }), rollbacks: 0 });
    expect(text).toContain(`csp_viol=${said}.`);
  });
});
