import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { completeFault, parseFault } from "./parse-fault.ts";
import { FAULT_KINDS, faultLabel } from "./registry.ts";

describe("a fault on the command line", () => {
  it("accepts Toxiproxy's names and ours", () => {
    const expected = {
      kind: "latency",
      link: "postgres",
      stream: "downstream",
      toxicity: 1,
      latencyMs: 300,
      jitterMs: 20,
    };
    expect(parseFault("postgres", "latency", ["latency=300", "jitter=20"])).toEqual(expected);
    expect(parseFault("postgres", "latency", ["latencyMs=300", "jitterMs=20"])).toEqual(expected);
    expect(parseFault("api", "reset_peer", ["timeout=5"])).toEqual(
      parseFault("api", "reset-peer", ["timeoutMs=5"]),
    );
    expect(parseFault("api", "timeout", [])).toMatchObject({ kind: "silence", timeoutMs: 0 });
  });

  it("accepts the stream and the toxicity", () => {
    const fault = parseFault("api", "silence", ["stream=upstream", "toxicity=0.25"]);
    expect(fault).toMatchObject({ stream: "upstream", toxicity: 0.25 });
    expect(faultLabel(fault)).toBe("silence on api (upstream, 25 % of connections)");
  });

  it.each([
    ["latncy", [], /Expected a kind of fault, got "latncy"/, /silence \(timeout\)/],
    [
      "latency",
      ["latenc=1"],
      /Expected an attribute of latency, got "latenc"/,
      /latencyMs or latency \(mean delay in ms\)/,
    ],
    ["latency", [], /complete latency, got: latencyMs/, /jitterMs or jitter/],
    ["latency", ["latency"], /Expected key=value, got "latency"/, /latencyMs/],
    ["latency", ["latency=soon"], /Expected a number for latency, got "soon"/, /latencyMs/],
    ["latency", ["latency=-1"], /latencyMs: expected at least 0, got -1/, /latencyMs/],
    ["latency", ["latency=1", "latencyMs=2"], /Expected latencyMs once/, /latencyMs/],
    [
      "latency",
      ["latency=1", "stream=sideways"],
      /stream: expected one of downstream, upstream, got "sideways"/,
      /downstream: from the server; upstream/,
    ],
    ["slicer", ["average_size=5", "size_variation=5"], /expected less than averageBytes/, /variationBytes/],
    ["down", ["timeout=1"], /Expected an attribute of down/, /takes no attributes/],
  ])("refuses %s %j and lists the valid names", (kind, pairs, message, nextStep) => {
    let thrown: unknown;
    try {
      parseFault("postgres", kind, pairs);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      name: "UsageError",
      message: expect.stringMatching(message),
      nextStep: expect.stringMatching(nextStep),
    });
  });

  it("ends in a fault or a UsageError, whatever is typed", () => {
    const words = fc.oneof(fc.string(), fc.constantFrom(...Object.keys(FAULT_KINDS)));
    fc.assert(
      fc.property(
        words,
        fc.array(fc.oneof(fc.string(), fc.constantFrom("latency=1", "rate=3"))),
        (kind, pairs) => {
          try {
            expect(parseFault("postgres", kind, pairs).kind in FAULT_KINDS).toBe(true);
          } catch (error) {
            expect(error).toMatchObject({ name: "UsageError" });
          }
        },
      ),
    );
  });
});

describe("a fault as data", () => {
  it("is completed with its defaults, and refused with an unknown field", () => {
    expect(completeFault({ kind: "silence", link: "api" } as { kind: string })).toEqual({
      kind: "silence",
      link: "api",
      stream: "downstream",
      toxicity: 1,
      timeoutMs: 0,
    });
    const wrong = { kind: "down", link: "api", forMs: 5 };
    expect(() => completeFault(wrong)).toThrow(/forMs/);
  });
});
