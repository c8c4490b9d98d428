import { beforeAll, describe, expect, it } from "vitest";
import { type PlatformDefinition, readPlatformDefinition, SPARK_DEFINITION } from "../definition/index.ts";
import { describeMarket, type Market, symbolVariables, tradedSymbols } from "./market.ts";

let spark: PlatformDefinition;
beforeAll(async () => {
  spark = await readPlatformDefinition(SPARK_DEFINITION);
});

const recordingOf = (...symbols: string[]): Market => ({
  kind: "recording",
  paths: symbols.map((symbol) => `/tapes/${symbol}.gz`),
  snapshots: [],
  symbols,
});
const SYNTHETIC: Market = { kind: "synthetic" };

describe("the symbols that are traded in a lab", () => {
  it("are those of the recording, for a platform that takes them by a variable", () => {
    const by = { platform: spark, market: recordingOf("ETHUSDT"), platformEnvironment: {} };
    expect(tradedSymbols(by)).toEqual(["ETHUSDT"]);
    expect(symbolVariables(by)).toEqual({ SPARK_SYMBOLS: "ETHUSDT" });
    const both = { ...by, market: recordingOf("ETHUSDT", "BTCUSDT") };
    expect(symbolVariables(both)).toEqual({ SPARK_SYMBOLS: "ETHUSDT,BTCUSDT" });
    expect(tradedSymbols({ ...by, market: SYNTHETIC })).toEqual(["BTCUSDT"]);
  });

  it("are those that the user sets by the variable", () => {
    const platformEnvironment = { SPARK_SYMBOLS: "ETHUSDT, BTCUSDT" };
    const by = { platform: spark, market: SYNTHETIC, platformEnvironment };
    expect(tradedSymbols(by)).toEqual(["ETHUSDT", "BTCUSDT"]);
  });

  it.each([
    ["another platform's own", { symbols: ["BTCUSDT"] }, {}],
    ["those that the user sets", {}, { SPARK_SYMBOLS: "ETHUSDT,BTCUSDT" }],
  ])("are refused in one line where the recording lacks %s", (_, change, platformEnvironment) => {
    const by = { platform: { ...spark, ...change }, market: recordingOf("ETHUSDT"), platformEnvironment };
    expect(() => tradedSymbols(by)).toThrow(
      "Expected the market to have BTCUSDT, which the platform spark trades, got ETHUSDT.",
    );
  });
});

it("a market is described by the names of its recordings", () => {
  expect(describeMarket(recordingOf("ETHUSDT", "BTCUSDT"))).toBe("recording ETHUSDT.gz, BTCUSDT.gz");
});
