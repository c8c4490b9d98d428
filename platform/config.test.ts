import { describe, expect, it } from "vitest";
import { readConfig } from "./config.ts";
import { openLog } from "./log.ts";

const complete = {
  DATABASE_URL: "postgres://spark:hidden-password@127.0.0.1:6432/spark",
  BINANCE_REST_URL: "http://127.0.0.1:1/",
  BINANCE_WS_URL: "ws://127.0.0.1:2",
  BINANCE_API_SECRET: "hidden-secret",
  BTCTURK_REST_URL: "http://127.0.0.1:3",
  BTCTURK_WS_URL: "ws://127.0.0.1:4",
  BIST_WS_URL: "ws://127.0.0.1:5",
};

describe("the configuration", () => {
  it("is completed once, and an empty variable counts as unset", () => {
    const config = readConfig({ ...complete, PORT: "", SPARK_SYMBOLS: "BTCUSDT, ETHUSDT" });
    expect(config).toMatchObject({
      host: "127.0.0.1",
      port: 0,
      resetToken: null,
      orderTimeoutMs: 1_000,
      binance: { restUrl: "http://127.0.0.1:1", symbols: ["BTCUSDT", "ETHUSDT"] },
      btcturk: { symbols: ["BTCUSDT", "ETHUSDT"] },
    });
  });

  it("names every variable that is missing or malformed", () => {
    expect(() => readConfig({ ...complete, BIST_WS_URL: "", SPARK_ORDER_TIMEOUT_MS: "soon" })).toThrow(
      /BIST_WS_URL.*SPARK_ORDER_TIMEOUT_MS|SPARK_ORDER_TIMEOUT_MS.*BIST_WS_URL/,
    );
  });

  it("serves a reset only with a token that nobody guesses", () => {
    expect(() => readConfig({ ...complete, SPARK_CONTROL: "on" })).toThrow(/KANIT_PLATFORM_TOKEN/);
    expect(() => readConfig({ ...complete, SPARK_CONTROL: "on", KANIT_PLATFORM_TOKEN: "short" })).toThrow(
      /KANIT_PLATFORM_TOKEN/,
    );
    const token = "hidden-token-0000000000";
    expect(readConfig({ ...complete, SPARK_CONTROL: "on", KANIT_PLATFORM_TOKEN: token }).resetToken).toBe(
      token,
    );
    expect(readConfig({ ...complete, KANIT_PLATFORM_TOKEN: token }).resetToken).toBeNull();
  });

  it("does not reach the log with its secrets, even when it is logged by mistake", () => {
    const lines: string[] = [];
    const log = openLog("info", { write: (line) => void lines.push(line) });
    const control = { SPARK_CONTROL: "on", KANIT_PLATFORM_TOKEN: "hidden-token-0000000000" };
    const config = readConfig({ ...complete, ...control });
    log.info({ config }, "mistake");
    log.info(config, "mistake");
    log.info(config.binance, "mistake");
    log.info({ database: config.database }, "mistake");
    expect(lines.join()).toContain("mistake");
    expect(lines.join()).not.toContain("hidden");
  });
});
