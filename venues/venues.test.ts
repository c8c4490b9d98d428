import { describe, expect, it } from "vitest";
import {
  CREDENTIALS,
  feedsAmong,
  linksToVenues,
  STANDARD_CREDENTIALS,
  tradingAmong,
  USUAL_ORDER_WEIGHTS,
  VENUE_LINK_NAMES,
  VENUE_LINKS,
  VENUE_NAMES,
  VENUES,
  venueVariables,
} from "./index.ts";

describe("the table of venues", () => {
  it("has unique names of lower-case letters and digits", () => {
    const names = VENUES.map(({ name }) => name);
    expect(names.filter((name) => !/^[a-z][a-z0-9]*$/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it("has for each venue a channel, a symbol and no symbol twice", () => {
    for (const { name, channels, symbols } of VENUES) {
      expect(channels.length, name).toBeGreaterThan(0);
      expect(symbols.length, name).toBeGreaterThan(0);
      expect(new Set(symbols).size, name).toBe(symbols.length);
    }
  });

  it("has a feed protocol for every venue with a WebSocket, and for no other", () => {
    for (const { name, channels, feed } of VENUES) expect(feed !== null, name).toBe(channels.includes("ws"));
  });

  it("has REST for every venue that takes orders", () => {
    for (const { name, channels, orders } of VENUES) {
      if (orders.kind === "taken") expect(channels, name).toContain("rest");
    }
    expect(Object.values(USUAL_ORDER_WEIGHTS).some((weight) => weight > 0)).toBe(true);
  });

  it("has separate variables of the platform and of the stubs for every key", () => {
    const variables = CREDENTIALS.flatMap(({ variable, stubVariable }) => [variable, stubVariable]);
    expect(new Set(variables).size).toBe(2 * CREDENTIALS.length);
  });
});

describe("what follows from the table", () => {
  it("is a link for each channel, named after its venue", () => {
    expect(new Set(VENUE_LINK_NAMES).size).toBe(VENUES.flatMap(({ channels }) => channels).length);
    for (const { name, venue, channel } of VENUE_LINKS) expect(name).toBe(`${venue}-${channel}`);
  });

  it("is the platform's environment: an address for each link, and every key", () => {
    const variables = venueVariables(VENUE_NAMES, (link) => `127.0.0.1:1/${link}`, STANDARD_CREDENTIALS);
    expect(variables).toMatchObject({
      BINANCE_REST_URL: "http://127.0.0.1:1/binance-rest",
      BIST_WS_URL: "ws://127.0.0.1:1/bist-ws",
      BTCTURK_PUBLIC_KEY: "kanit-btcturk-key",
    });
    expect(Object.keys(variables)).toHaveLength(VENUE_LINKS.length + CREDENTIALS.length);
  });

  it("does not include a venue that the platform does not trade", () => {
    const variables = venueVariables(["btcturk"], (link) => link, STANDARD_CREDENTIALS);
    expect(Object.keys(variables)).toEqual([
      "BTCTURK_REST_URL",
      "BTCTURK_WS_URL",
      "BTCTURK_PUBLIC_KEY",
      "BTCTURK_PRIVATE_KEY",
    ]);
    expect(linksToVenues(["bist"]).map(({ name }) => name)).toEqual(["bist-ws"]);
    expect(tradingAmong(["bist", "binance"])).toEqual(["binance"]);
    expect(feedsAmong(["bist", "binance"])).toEqual(["binance", "bist"]);
  });
});
