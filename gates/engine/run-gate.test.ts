import { describe, expect, it } from "vitest";
import { type Clock, systemClock, UnavailableError } from "../../core/index.ts";
import { memoryFiling } from "../testing/memory-filing.ts";
import { EMPTY_TARGET, sampleCheck, sampleGate, soundObservation } from "../testing/sample-check.ts";
import type { Check } from "./check.ts";
import { type GateRunOptions, runGate } from "./run-gate.ts";

const never = () => new Promise<never>(() => undefined);

function optionsFor(checks: readonly Check[], changes: Partial<GateRunOptions> = {}) {
  const filing = memoryFiling();
  const options: GateRunOptions = {
    gate: sampleGate(checks),
    target: EMPTY_TARGET,
    commit: null,
    seenRed: { has: () => true },
    filing,
    renderPage: () => "<!doctype html>",
    command: "kanit sample v1.4.0",
    clock: systemClock,
    signal: new AbortController().signal,
    onEvent: () => undefined,
    onVerdict: () => undefined,
    ...changes,
  };
  return { filing, options };
}

describe("a gate", () => {
  it("passes when each of its checks passed, and files their evidence, a summary, its record and a page", async () => {
    const { filing, options } = optionsFor([sampleCheck()]);
    const record = await runGate(options);
    expect(record).toMatchObject({
      verdict: "pass",
      problems: [],
      checks: [{ id: "sample", verdict: "pass" }],
    });
    expect([...filing.files.keys()]).toEqual([
      "sample_v1.4.0.txt",
      "sample.txt",
      "gate_sample.json",
      "index.html",
    ]);
    expect(filing.files.get("sample.txt")?.text).toMatch(/^Sample gate of v1.4.0: GO, 1\/1/);
    expect(filing.ending()).toEqual({ verdict: "pass", problems: [] });
  });

  it("without checks is inconclusive", async () => {
    expect((await runGate(optionsFor([]).options)).verdict).toBe("inconclusive");
  });

  it("does not run a check whose parts are not there, says which, and does not release", async () => {
    const check = sampleCheck(undefined, { needs: ["database", "pgbouncer"] });
    const record = await runGate(optionsFor([check]).options);
    expect(record.verdict).toBe("inconclusive");
    expect(record.checks[0]).toMatchObject({
      standing: "not-run",
      reasons: ["not run: needs database, pgbouncer"],
    });
  });

  it("is inconclusive when a check throws, with what it threw on one line", async () => {
    const check = sampleCheck(() => Promise.reject(new Error("connect\nECONNREFUSED")));
    const record = await runGate(optionsFor([check]).options);
    expect(record.checks[0]).toMatchObject({ verdict: "inconclusive", reasons: ["connect ECONNREFUSED"] });
  });

  it("ends a check that ignores its deadline, and lets the others end", async () => {
    const hanging = sampleCheck(never, { id: "hanging", deadlineMs: 20 });
    const record = await runGate(optionsFor([hanging, sampleCheck()]).options);
    expect(record.checks.map(({ id, verdict }) => [id, verdict])).toEqual([
      ["hanging", "inconclusive"],
      ["sample", "pass"],
    ]);
    expect(record.checks[0]?.reasons[0]).toMatch(/^no answer within its deadline/);
  });

  it("does not pass a check that ends after its deadline with what it has", async () => {
    const cutShort = sampleCheck(
      ({ signal }) =>
        new Promise((resolve) => signal.addEventListener("abort", () => resolve(soundObservation()))),
      { deadlineMs: 20 },
    );
    const record = await runGate(optionsFor([cutShort]).options);
    expect(record.checks[0]).toMatchObject({
      verdict: "inconclusive",
      reasons: [expect.stringMatching(/^no answer within its deadline/)],
      evidence: [{ name: "sample_v1.4.0.txt" }],
    });
  });

  it("ends when its own time is over, whatever time its checks have, and does not release", async () => {
    const hanging = sampleCheck(never, { id: "hanging", deadlineMs: 3_600_000 });
    const { options } = optionsFor([hanging]);
    const record = await runGate({ ...options, gate: { ...options.gate, limitMs: 20 } });
    expect(record.checks[0]).toMatchObject({
      ...{ verdict: "inconclusive", standing: "interrupted" },
      reasons: ["not ended within the gate's time"],
    });
    expect(record.verdict).toBe("inconclusive");
  });

  it("fails when one check failed, whatever the others are", async () => {
    const failing = sampleCheck(() => Promise.resolve(soundObservation({ violations: ["broken"] })));
    const record = await runGate(optionsFor([failing, sampleCheck(never, { deadlineMs: 20 })]).options);
    expect(record.verdict).toBe("fail");
  });

  it("that is interrupted files what it has, and is inconclusive", async () => {
    const interruption = new AbortController();
    const { filing, options } = optionsFor([sampleCheck(), sampleCheck(never, { id: "hanging" })], {
      signal: interruption.signal,
      onEvent: (event) => {
        if (event.kind === "check.ended") interruption.abort(new Error("Ctrl-C"));
      },
    });
    const record = await runGate(options);
    expect(record).toMatchObject({
      verdict: "inconclusive",
      problems: [expect.stringContaining("interrupted")],
    });
    expect(record.checks.map(({ standing }) => standing)).toEqual(["judged", "interrupted"]);
    expect(filing.files.has("sample_v1.4.0.txt")).toBe(true);
    expect(filing.ending()).toMatchObject({ verdict: "inconclusive" });
  });

  it("is inconclusive when its evidence cannot be filed, and keeps the verdicts of its checks", async () => {
    const full = memoryFiling((name) => {
      if (name !== "sample.txt") return;
      throw new UnavailableError({
        code: "disk-full",
        message: "Expected disk space.",
        nextStep: "Free some.",
      });
    });
    const record = await runGate(optionsFor([sampleCheck()], { filing: full }).options);
    expect(record).toMatchObject({
      verdict: "inconclusive",
      problems: ["Expected disk space. Free some."],
      checks: [{ verdict: "pass" }],
    });
  });

  it("is inconclusive when the clock of the machine was set meanwhile", async () => {
    let jumpMs = 0;
    const jumping: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + jumpMs };
    const check = sampleCheck(() => {
      jumpMs = 3_600_000;
      return Promise.resolve(soundObservation({ asOfMs: jumping.nowMs() }));
    });
    const record = await runGate(optionsFor([check], { clock: jumping }).options);
    expect(record).toMatchObject({
      verdict: "inconclusive",
      problems: [expect.stringMatching(/clock of this machine was set/)],
    });
  });
});
