import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { VENUE_LINK_NAMES } from "../../venues/index.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { proveLab } from "./prove-lab.ts";

/** Venues whose control API returns these books one after the other, and then always the last one. */
class Venues {
  readonly #server = createServer((request, response) => {
    const text =
      request.url === "/books" ? (this.#books.length > 1 ? this.#books.shift() : this.#books[0]) : "";
    response.writeHead(request.url === "/books" ? 200 : 404).end(text);
  });
  readonly #books: string[];

  constructor(books: readonly (readonly { readonly symbol: string; readonly bid: string }[])[]) {
    this.#books = books.map((each) =>
      JSON.stringify(each.map(({ symbol, bid }) => ({ symbol, bid, ask: "200", recent: [] }))),
    );
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

describe("the verification of a lab", () => {
  let venues: Venues | null = null;
  let clock: ManualClock;
  beforeEach(() => {
    clock = new ManualClock();
  });
  afterEach(() => venues?.stop());

  const prove = async (books: ConstructorParameters<typeof Venues>[0], deadLink?: string) => {
    venues = new Venues(books);
    const host = await venues.start();
    const links = Object.fromEntries(
      VENUE_LINK_NAMES.map((link) => [link, link === deadLink ? "127.0.0.1:1" : host]),
    );
    const addresses = { venueControl: `http://${host}`, links } as Parameters<
      typeof proveLab
    >[0]["addresses"];
    const { signal } = new AbortController();
    // Sleeping advances the clock at once; requests take real time, which this clock does not count.
    const sleep = async (durationMs: number) => {
      const asleep = clock.sleep(durationMs);
      await clock.runUntil(asleep);
    };
    return proveLab({ addresses, clock: { monotonicMs: () => clock.monotonicMs(), sleep }, signal });
  };

  it("passes when venues answer and the market moves", async () => {
    await expect(
      prove([[], [{ symbol: "BTCUSDT", bid: "100" }], [{ symbol: "BTCUSDT", bid: "101" }]]),
    ).resolves.toBeUndefined();
  });

  it("refuses a recording without the traded symbol, and lists its symbols", async () => {
    await expect(prove([[{ symbol: "ETHUSDT", bid: "100" }]])).rejects.toMatchObject({
      code: "market-without-symbol",
      exitCode: 69,
      message: "Expected the lab's market to have BTCUSDT, which is traded in it, got ETHUSDT within 10 s.",
    });
  });

  it("refuses a market that does not move", async () => {
    await expect(prove([[{ symbol: "BTCUSDT", bid: "100" }]])).rejects.toMatchObject({
      code: "market-stands-still",
    });
  });

  it("refuses a link that carries nothing, and names it", async () => {
    const moving = [[{ symbol: "BTCUSDT", bid: "100" }], [{ symbol: "BTCUSDT", bid: "101" }]];
    await expect(prove(moving, "btcturk-rest")).rejects.toMatchObject({
      code: "link-carries-nothing",
      message: expect.stringContaining("btcturk-rest"),
    });
  });
});
