import { describe, expect, it } from "vitest";
import { type ArmName, type CanaryArms, describeArmSource } from "./arm.ts";

describe("the source of an arm", () => {
  it("is described by its pages, without credentials", () => {
    const metricsUrls = [new URL("http://me:secret@127.0.0.1:81/metrics"), new URL("http://127.0.0.1:82/")];
    expect(describeArmSource({ kind: "scrape", metricsUrls })).toBe(
      "http://127.0.0.1:81/metrics, http://127.0.0.1:82",
    );
  });

  it("is described by its labels in a Prometheus", () => {
    const url = new URL("http://127.0.0.1:9090");
    expect(describeArmSource({ kind: "prometheus", url, match: 'version="v2"' })).toBe(
      '{version="v2"} in http://127.0.0.1:9090',
    );
  });

  it("is known for both arms", () => {
    const page = (port: number) => [new URL(`http://127.0.0.1:${port}/metrics`)];
    const arms: CanaryArms = {
      stable: { kind: "scrape", metricsUrls: page(81) },
      candidate: { kind: "scrape", metricsUrls: page(82) },
    };
    const names: readonly ArmName[] = ["stable", "candidate"];
    expect(names.map((name) => describeArmSource(arms[name]))).toEqual([
      "http://127.0.0.1:81/metrics",
      "http://127.0.0.1:82/metrics",
    ]);
  });
});
