import { describe, expect, it } from "vitest";
import type { PlatformDefinition } from "../definition/index.ts";
import { CATALOG } from "../scenarios/index.ts";
import { PROFILES, scenariosOf } from "./profiles.ts";

function namesFor(...venues: PlatformDefinition["venues"]): readonly string[] {
  const metrics = { path: "/metrics", lacks: [] };
  return scenariosOf(PROFILES.short, { venues, metrics } as unknown as PlatformDefinition).map(
    ({ scenario }) => scenario.name,
  );
}

describe("the short profile", () => {
  it("has the same scenarios for every platform that trades Binance", () => {
    expect(namesFor("binance")).toEqual(namesFor("binance", "btcturk", "bist"));
    expect(namesFor("binance")).toContain("binance-ack-lost");
  });

  it("has their twins at BTCTurk for a platform that trades only there", () => {
    const names = namesFor("btcturk");
    expect(names).toEqual(
      expect.arrayContaining(["steady-state", "btcturk-ack-lost", "btcturk-quirks", "btcturk-feed-silent"]),
    );
    expect(names).toHaveLength(namesFor("binance").length);
  });
});

describe("the nightly profile", () => {
  it("has every scenario of the catalog", () => {
    expect(CATALOG.filter(({ tags }) => !tags.includes(PROFILES.nightly.tag))).toEqual([]);
  });
});
