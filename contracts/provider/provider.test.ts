import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Pact, readPact } from "../matching/pact-file.ts";
import { ContractViolationError, verdictOf } from "./contract-violation.ts";
import { type RunningStubs, startStubs } from "./stubs.ts";
import type { VenueUnderVerification } from "./venue-under-verification.ts";
import { verifyPact } from "./verify-pact.ts";

const TIME = "a question about the time";

let stubs: RunningStubs;

beforeAll(async () => {
  stubs = await startStubs();
});
afterAll(async () => {
  await stubs[Symbol.asyncDispose]();
});

/** A fake venue that gives every request the same answer. */
async function fakeVenue(answer: RequestListener): Promise<VenueUnderVerification> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const restUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    provider: "binance-spot",
    restUrl,
    webSocketUrl: null,
    controlUrl: null,
    isPublicOnly: false,
    allowedHosts: [],
    key: "key",
    secret: "secret",
  };
}

/** The pact with Binance, reduced to one interaction. */
async function onlyThe(description: string): Promise<Pact> {
  const pact = await readPact("binance-spot");
  return { ...pact, interactions: pact.interactions.filter((each) => each.description === description) };
}

describe("the stubs fulfill the pacts", () => {
  it.each(["binance-spot", "btcturk"] as const)("of %s, in every interaction", async (provider) => {
    const { interactions } = await readPact(provider);
    const verification = await verifyPact(stubs.venues[provider]);
    const all = interactions.map(({ description }) => description);
    expect(verification.kept.toSorted()).toEqual(all.toSorted());
    expect(verdictOf(verification)).toBe("pass");
  });
});

describe("a venue that violates the pact is reported with the place, what was expected and what came:", () => {
  const kept = { status: 200, type: "application/json;charset=UTF-8", body: '{"serverTime":1700000000000}' };

  it.each([
    ["one field", { body: '{"serverTime":"soon"}' }, "$.serverTime", /^1700000000000$/, /^"?soon/],
    ["one field too few", { body: "{}" }, "$", /serverTime/, /missing.*serverTime/],
    ["one header", { type: "text/plain" }, "header Content-Type", /application\/json/, /text\/plain/],
    ["one status", { status: 202 }, "status", /^200$/, /^202/],
  ])("%s", async (_, change, field, expected, received) => {
    const { status, type, body } = { ...kept, ...change };
    const venue = await fakeVenue((_request, response) => {
      response.writeHead(status, { "content-type": type }).end(body);
    });
    const error: unknown = await verifyPact(venue, await onlyThe(TIME)).catch((caught: unknown) => caught);
    if (!(error instanceof ContractViolationError)) throw error;
    const violation = error.verification.violations.find((each) => each.field === field);
    expect(violation, error.message).toMatchObject({
      interaction: TIME,
      expected: expect.stringMatching(expected),
      received: expect.stringMatching(received),
    });
    expect(error.exitCode).toBe(1);
    expect(error.message).toContain(`${TIME}: ${field}: expected ${violation?.expected}, received `);
  });

  it("but one that fulfills it passes", async () => {
    const venue = await fakeVenue((_request, response) => {
      response.writeHead(kept.status, { "content-type": kept.type }).end(kept.body);
    });
    expect(await verifyPact(venue, await onlyThe(TIME))).toMatchObject({ kept: [TIME], violations: [] });
  });
});

describe("a state that cannot be set up at a venue", () => {
  it("counts as not verified, with the reason, and makes the verification inconclusive", async () => {
    const venue = { ...stubs.venues.btcturk, controlUrl: null, webSocketUrl: null };
    const verification = await verifyPact(venue);
    expect(verification.kept).toContain("an order with a key that the venue does not know");
    expect(verification.notVerified).toContainEqual({
      interaction: "a limit order",
      reason: '"no order has been placed" needs a control API',
    });
    expect(verification.notVerified).toContainEqual({
      interaction: "a whole book",
      reason: "needs a WebSocket",
    });
    expect(verdictOf(verification)).toBe("inconclusive");
  });

  it("nor can an order be placed or a question be signed where only public questions may be asked", async () => {
    const verification = await verifyPact({ ...stubs.venues["binance-spot"], isPublicOnly: true });
    expect(verification.kept).toEqual([
      "a change of the book",
      "a question about the book",
      "a question about the time",
    ]);
    expect(verification.notVerified).toContainEqual({
      interaction: "an order beyond the balance",
      reason: "needs a key, and only public questions are asked",
    });
  });

  it("is an error when it should have worked: the control API refuses", async () => {
    const { restUrl } = await fakeVenue((_request, response) => {
      response.writeHead(500).end("no");
    });
    const venue = { ...stubs.venues["binance-spot"], controlUrl: restUrl };
    await expect(verifyPact(venue)).rejects.toMatchObject({
      code: "state-not-set-up",
      message: expect.stringContaining("got 500: no"),
    });
  });

  it("is an error when the venue does not answer a call", async () => {
    const venue = await fakeVenue((request, response) => {
      if (request.url === "/") response.end();
      else request.socket.destroy();
    });
    await expect(verifyPact(venue, await onlyThe(TIME))).rejects.toMatchObject({
      code: "no-answer",
      message: expect.stringContaining("GET /api/v3/time"),
      exitCode: 69,
    });
  });

  it("is an error when nothing listens", async () => {
    const venue = { ...stubs.venues["binance-spot"], restUrl: "http://127.0.0.1:1" };
    await expect(verifyPact(venue)).rejects.toMatchObject({ code: "venue-unreachable", exitCode: 69 });
  });
});
