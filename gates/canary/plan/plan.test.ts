import { describe, expect, it } from "vitest";
import { planLines } from "../canary-texts.ts";
import { CANARY_SIGNALS, type CanarySignal } from "../judge/canary-signal.ts";
import { logThresholdOf, neededInStage } from "../judge/stage-state.ts";
import { canaryJsonSchema, parseCanaryPlan, rehearsedPlan, USUAL_PLAN } from "./canary-plan.ts";
import { neededSamples } from "./needed-samples.ts";

const signal = (id: string): CanarySignal =>
  CANARY_SIGNALS.find((each) => each.id === id) ?? expect.fail(`no signal ${id}`);

describe("the usual plan", () => {
  it("has the five stages of the deployment index", () => {
    const minutes = (ms: number) => ms / 60_000;
    expect(USUAL_PLAN.stages.map(({ name, durationMs }) => [name, minutes(durationMs)])).toEqual([
      ["1", 15],
      ["5", 15],
      ["25", 15],
      ["50", 15],
      ["100", 30],
    ]);
  });

  it("says of each stage how many samples each signal needs, and at which rate they come in time", () => {
    const text = planLines(rehearsedPlan(USUAL_PLAN, 60), 60).join("\n");
    expect(text).toContain("a rehearsal at 60 to 1 that needs 1.7 % of the samples");
    expect(text).toMatch(
      /stage {3}1 % {2}15 s, at most 30 s; needs of the candidate \d+ requests \(\d+ a second/,
    );
    expect(text).toMatch(/idempotency_conflicts +\d+ requests with a key/);
    expect(text).toContain("at most 1 % of sound releases");
  });
});

describe("a plan", () => {
  const read = (text: string) => () => parseCanaryPlan(text, "canary.yml");

  it("is completed from what it says", () => {
    const plan = parseCanaryPlan(
      "stages: [{ share: 10, duration: 10m }]\nwhenInconclusive: hold",
      "canary.yml",
    );
    expect(plan.stages).toEqual([
      { name: "10", sharePercent: 10, durationMs: 600_000, longestMs: 1_200_000 },
    ]);
    expect(plan.whenInconclusive).toBe("hold");
    expect(parseCanaryPlan("", "canary.yml")).toEqual(USUAL_PLAN);
  });

  it("is refused with a line for each mistake", () => {
    expect(read("stages: [{ share: 0, duration: 10m }]")).toThrow(/^canary\.yml:1:19 /);
    expect(read("lok: 5s")).toThrow(/lok/);
    expect(read("stages: [{ share: 50, duration: 15m }, { share: 10, duration: 15m }]")).toThrow(
      "stage 10: expected a share above that of the stage before",
    );
    expect(read("stages: [{ share: 5, duration: 1m }]")).toThrow("at least settle and four looks");
    expect(read("stages: [{ share: 5, duration: 15m, longest: 5m }]")).toThrow("longest wait");
    expect(read("look: 10m")).toThrow("look: expected 1s to 1m");
    expect(read("critical: [api_latency]")).toThrow(/api_latency_p95/);
  });

  it("has a schema for editors", () => {
    expect(canaryJsonSchema()).toMatchObject({ title: "The plan of a canary", type: "object" });
  });
});

describe("the needed samples", () => {
  const level = logThresholdOf(USUAL_PLAN);

  it("grow with the certainty that is asked, and fall with the size of the change", () => {
    const latency = signal("api_latency_p95");
    const half = { ...latency, detects: { ratio: 1.5, difference: 0 } };
    expect(neededSamples(latency, 5, level)).toBeGreaterThan(neededSamples(latency, 5, level / 2));
    expect(neededSamples(half, 5, level)).toBeLessThan(neededSamples(latency, 5, level) / 3);
  });

  it("are of the size of a fixed test's, and not below what shows that a limit is kept", () => {
    const errors = neededSamples(signal("http_errors"), 50, level);
    // 0.1 to 1 % needs 835 requests an arm at 5 % and one look; here all looks together keep 1 % over 80 tests.
    expect(errors).toBeGreaterThan(835);
    expect(errors).toBeLessThan(4 * 835);
    // Zero errors in 299 requests show 1 % with 95 % confidence at a single look.
    expect(neededSamples(signal("http_errors"), 100, level)).toBeGreaterThan(299);
  });

  it("are those of the plan where it names them", () => {
    const plan = parseCanaryPlan("samples: { gc_pause: 7 }", "canary.yml");
    const [first] = plan.stages;
    expect(first === undefined ? {} : neededInStage(plan, first)).toMatchObject({ gc_pause: 7 });
  });
});
