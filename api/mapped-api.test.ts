import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { type Answer, askOnce } from "./answer.ts";
import { API_SCHEMA } from "./api-definition.ts";
import { requestClient } from "./http/request-client.ts";
import { MappedApi } from "./mapped-api.ts";
import type { OrderRequest, Question } from "./question.ts";
import { mappedApi } from "./testing/mapped-api.ts";

/** An API that shares nothing with Spark's: other paths, fields, words, and numbers for amounts. */
const TRADES = mappedApi({
  place: {
    path: "/v1/trades",
    headers: { "X-Request": "{key}", "X-Account": "{account}" },
    body: `{
      "pair": $substringBefore(symbol, "USDT") & "-USDT",
      "direction": side = "buy" ? 1 : -1,
      "amount": quantity,
      "limit": price
    }`,
    answer: {
      id: "trade.ref",
      clientOrderId: "trade.tag",
      status: "trade.state",
      executedQuantity: "$string(trade.done)",
      error: "problem.code",
    },
  },
  query: {
    method: "POST",
    path: "/v1/trades/{id}/{$lowercase(symbol)}",
    query: { verbose: "true", account: "{account}" },
    answer: { id: "ref", status: "state", outcome: '$status = 404 ? "unknown" : null' },
  },
  positions: { path: "/v1/holdings", answer: { positions: '[h.{ "symbol": s, "quantity": q }]' } },
  refusals: [402],
  amounts: "numbers",
  statuses: { open: ["LIVE"], filled: ["DONE"] },
  errors: { risk_block: ["TOO_BIG"], idempotency_in_progress: ["BUSY"], order_not_open: ["GONE"] },
});

const ORDER: OrderRequest = {
  ...{ venue: "binance", symbol: "BTCUSDT", side: "buy", type: "limit" },
  ...{ quantity: "0.01000", price: "61837.64" },
};
const PLACE: Question = { kind: "place", order: ORDER, key: "key-1", account: null };
const QUERY: Question = { kind: "query", placed: { id: "a/b c", key: "key-1", order: ORDER } };

interface Seen {
  readonly request: IncomingMessage;
  readonly body: string;
}

/** Asks once, of a server that answers in this way, and returns what came of it and what the server got. */
async function ask(
  question: Question,
  answer: (response: ServerResponse) => void,
): Promise<{ readonly answer: Answer; readonly seen: Seen | undefined }> {
  let seen: Seen | undefined;
  const server = createServer(async (request, response) => {
    seen = { request, body: await text(request) };
    answer(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const api = new MappedApi(TRADES, requestClient(`http://127.0.0.1:${port}`, 2_000));
  try {
    return { answer: await askOnce(api, question), seen };
  } finally {
    api.close();
    server.closeAllConnections();
    server.close();
  }
}

const json =
  (status: number, value: unknown, headers = {}) =>
  (response: ServerResponse) =>
    response.writeHead(status, headers).end(typeof value === "string" ? value : JSON.stringify(value));

describe("a question to a mapped API", () => {
  it("is sent as the definition says, without what there is not", async () => {
    const { seen } = await ask(PLACE, json(200, {}));
    expect(seen?.request).toMatchObject({ method: "POST", url: "/v1/trades" });
    expect(seen?.request.headers).toMatchObject({ "content-type": "application/json", "x-request": "key-1" });
    expect(seen?.request.headers["x-account"]).toBeUndefined();
    expect(JSON.parse(seen?.body ?? "")).toEqual({
      pair: "BTC-USDT",
      direction: 1,
      amount: "0.01000",
      limit: "61837.64",
    });
  });

  it("leaves out the price of a market order, and names an account where one is asked for", async () => {
    const order = { ...ORDER, type: "market", price: null } as const;
    const { seen } = await ask({ ...PLACE, order, account: "other" }, json(200, {}));
    expect(JSON.parse(seen?.body ?? "")).not.toHaveProperty("limit");
    expect(seen?.request.headers["x-account"]).toBe("other");
  });

  it("writes values into a path so that they stay one part of it", async () => {
    const { seen } = await ask(QUERY, json(200, {}));
    expect(seen?.request.url).toBe("/v1/trades/a%2Fb%20c/btcusdt?verbose=true");
  });

  it("can be asked only for what the definition has", () => {
    expect(new MappedApi(TRADES, requestClient("http://127.0.0.1:1", 1)).questions).toEqual(
      new Set(["place", "query", "positions"]),
    );
  });
});

describe("an answer of a mapped API", () => {
  it("is read into the field's names and words, with every digit of its numbers", async () => {
    const trade =
      '{ "trade": { "ref": 17, "tag": "t-1", "state": "DONE", "done": 0.010000000000000000000001 } }';
    const { answer } = await ask(PLACE, json(201, trade));
    expect(answer).toMatchObject({
      outcome: "succeeded",
      httpStatus: 201,
      error: null,
      said: {
        id: 17,
        clientOrderId: "t-1",
        status: "filled",
        executedQuantity: "0.010000000000000000000001",
      },
      sent: { method: "POST", path: "/v1/trades" },
    });
  });

  it("leaves a word that is not mapped as it is", async () => {
    const { answer } = await ask(PLACE, json(200, { trade: { state: "PARKED" } }));
    expect(answer.said.status).toBe("PARKED");
  });

  it.each([
    [422, "TOO_BIG", "rejected", "risk_block"],
    [200, "TOO_BIG", "rejected", "risk_block"],
    [409, "GONE", "rejected", "order_not_open"],
    [402, "NO_CREDIT", "rejected", "NO_CREDIT"],
    [409, "BUSY", "failed", "idempotency_in_progress"],
    [400, "WRONG", "failed", "WRONG"],
    [500, undefined, "failed", "http-500"],
  ] as const)("of %i with %s is %s (%s)", async (status, code, outcome, error) => {
    const { answer } = await ask(PLACE, json(status, { problem: { code } }));
    expect(answer).toMatchObject({ outcome, error });
  });

  it("can say itself what it means", async () => {
    const { answer } = await ask(QUERY, json(404, {}));
    expect(answer).toMatchObject({ outcome: "unknown", error: "http-404" });
  });

  it("allows to ask again after a server's error and while the first try is worked on, as late as it says", async () => {
    const busy = await ask(PLACE, json(409, { problem: { code: "BUSY" } }, { "retry-after": "2" }));
    expect(busy.answer.again).toEqual({ kind: "allowed", afterMs: 2_000 });
    expect((await ask(PLACE, json(503, {}))).answer.again).toEqual({ kind: "allowed", afterMs: 0 });
    expect((await ask(PLACE, json(400, {}))).answer.again).toEqual({ kind: "no" });
  });

  it("says nothing where it is an error page, and its status still counts", async () => {
    const { answer } = await ask(PLACE, json(502, "<html>Bad Gateway"));
    expect(answer).toMatchObject({ outcome: "failed", error: "http-502", unreadable: null });
  });

  it("is unknown where its mapping fails, and the mapping is named", async () => {
    const { answer } = await ask(PLACE, json(201, { trade: { ref: "1", done: {} } }));
    expect(answer).toMatchObject({ outcome: "succeeded" });
    const failing = mappedApi({ ...TRADES, place: { path: "/", answer: { id: "$number(ref)" } } });
    const client = {
      send: (_request: unknown, done: (result: never) => void) =>
        done({ kind: "answered", status: 200, retryAfter: null, body: '{"ref":"x"}' } as never),
      close: () => undefined,
    };
    expect(await askOnce(new MappedApi(failing, client), PLACE)).toMatchObject({
      outcome: "unknown",
      error: "answer-not-mapped",
      unreadable: expect.stringMatching(/the mapping of its answer failed: .*number/i),
    });
  });

  it("that never came tells whether the question may have arrived", async () => {
    const { answer } = await ask(PLACE, (response) => response.destroy());
    expect(answer).toMatchObject({ outcome: "unknown", httpStatus: null });
    expect(answer.again.kind).toBe("allowed");
  });
});

describe("an API definition", () => {
  it.each([
    [{ place: { path: "/x", body: { pair: "symbol &" } } }, /JSONata.*"place","body","pair"/],
    [{ place: { path: "/x/{id" } }, /has no partner/],
    [{ place: { path: "x" } }, /begins with a slash/],
    [{ place: { path: "/x", answer: { state: "status" } } }, /answer/],
    [{ place: { path: "/x" }, statuses: { done: ["X"] } }, /statuses/],
    [{ place: { path: "/x" }, errors: { risk: ["X"] } }, /errors/],
    [{ place: { path: "/x", answer: { id: "$match(id, /(?=a)/)" } } }, /regexp/],
  ])("is refused where it cannot be meant: %j", (change, problem) => {
    const parsed = API_SCHEMA.safeParse({ query: { path: "/x/{id}" }, ...change });
    expect(JSON.stringify(parsed.error?.issues ?? [])).toMatch(problem);
  });
});
