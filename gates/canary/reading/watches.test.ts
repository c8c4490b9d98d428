import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { systemClock, UnavailableError } from "../../../core/index.ts";
import { type AmountsReading, watchAmounts } from "./amounts-watch.ts";
import { lostHeaders, watchHeaders } from "./header-watch.ts";
import { joinWatches } from "./joined-watches.ts";

const SIGNAL = new AbortController().signal;
const POLICY = "default-src 'none'; script-src 'nonce-abc'";

/** A page with these headers, which may be changed; `null` is an answer with 503. */
async function startPage(headers: { now: Readonly<Record<string, string>> | null }) {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(headers.now === null ? 503 : 200, headers.now ?? {}).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    asked: () => asked,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, "close");
    },
  };
}

describe("the watch on headers", () => {
  it("fires when the candidate's page lost its policy, and stays so", async () => {
    const headers = { now: {} as Record<string, string> | null };
    await using stable = await startPage({ now: { "content-security-policy": POLICY } });
    await using candidate = await startPage(headers);
    const pages = { stable: stable.url, candidate: candidate.url };
    const watch = watchHeaders({ pages, allowedHosts: [], clock: systemClock });
    expect(await watch.states(SIGNAL)).toMatchObject([{ name: "SecurityHeadersLost", state: "firing" }]);
    headers.now = { "content-security-policy": POLICY };
    await watch.forget();
    expect((await watch.states(SIGNAL))[0]?.state).toBe("firing");
  });

  it("asks once in a stage, and has no data where the candidate does not answer alike", async () => {
    const headers: Parameters<typeof startPage>[0] = { now: null };
    await using stable = await startPage({ now: { "content-security-policy": POLICY } });
    await using candidate = await startPage(headers);
    const pages = { stable: stable.url, candidate: candidate.url };
    const watch = watchHeaders({ pages, allowedHosts: [], clock: systemClock });
    expect((await watch.states(SIGNAL))[0]?.state).toBe("no-data");
    headers.now = { "content-security-policy": "default-src 'self'" };
    expect((await watch.states(SIGNAL))[0]?.state).toBe("inactive");
    await watch.states(SIGNAL);
    expect(candidate.asked()).toBe(2);
    await watch.forget();
    await watch.states(SIGNAL);
    expect(candidate.asked()).toBe(3);
  });

  it("sees a policy that allows inline scripts, and none where the stable allows them too", () => {
    const unsafe = { headers: { "content-security-policy": "script-src 'unsafe-inline'" } };
    expect(lostHeaders({ headers: { "content-security-policy": POLICY } }, unsafe)).toEqual([
      "'unsafe-inline'",
    ]);
    expect(lostHeaders(unsafe, unsafe)).toEqual([]);
  });
});

describe("the watch on amounts", () => {
  /** Reads what is next, and the last one again and again. */
  async function watching(readings: readonly (AmountsReading | null)[]) {
    let next = 0;
    const read = async () => {
      const reading = readings[Math.min(next++, readings.length - 1)] ?? null;
      if (reading !== null) return reading;
      throw new UnavailableError({ code: "ledger-unreadable", message: "away", nextStep: "wait" });
    };
    const clock = { ...systemClock, monotonicMs: () => 0 };
    const watch = await watchAmounts(read, clock);
    return async () => (await watch.states(SIGNAL))[0];
  }

  it("fires by a fill that differs from the venue's since the canary began, and stays so", async () => {
    const before = { compared: 5, differing: ["binance 1"] };
    const look = await watching([
      before,
      before,
      { compared: 7, differing: ["binance 1", "binance 7"] },
      before,
    ]);
    expect(await look()).toMatchObject({ name: "AmountsDifferFromVenue", state: "no-data" });
    expect(await look()).toMatchObject({ state: "firing" });
    expect(await look()).toMatchObject({ state: "firing" });
  });

  it("is inactive once new fills agree, and has no data while the books cannot be read", async () => {
    const look = await watching([{ compared: 0, differing: [] }, { compared: 1, differing: [] }, null]);
    expect(await look()).toMatchObject({ state: "inactive", firedAt: null });
    expect(await look()).toMatchObject({ state: "no-data" });
  });
});

describe("joined watches", () => {
  it("have the states of all, and all forget", async () => {
    const forgot: string[] = [];
    const watchOf = (name: string) => ({
      states: async () => [{ name, state: "inactive" as const, firedAt: null }],
      forget: async () => void forgot.push(name),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
    const joined = joinWatches([watchOf("a"), watchOf("b")]);
    expect((await joined.states(SIGNAL)).map(({ name }) => name)).toEqual(["a", "b"]);
    await joined.forget();
    expect(forgot).toEqual(["a", "b"]);
  });
});
