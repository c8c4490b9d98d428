import { afterEach, describe, expect, it } from "vitest";
import { CLIENT_DAYS } from "./client-calls.ts";
import { BINANCE_CREDENTIALS, type ClientStub, type Credentials } from "./client-stub.ts";
import { type BinanceClientName, typedErrorOf } from "./typed-errors.ts";
import { type OrderParameters, type RefusedRequest, VENUE_REFUSALS } from "./venue-refusals.ts";

/** The refused requests, as one client makes them. */
interface RefusalDesk {
  place(parameters: OrderParameters): Promise<unknown>;
  replace(parameters: OrderParameters): Promise<unknown>;
  query(symbol: string, orderId: number): Promise<unknown>;
  cancel(symbol: string, orderId: number): Promise<unknown>;
  readBook(symbol: string): Promise<unknown>;
  readAccount(): Promise<unknown>;
}

/** How a client's refusals are provoked and read. */
export interface RefusalSuite {
  readonly client: BinanceClientName;
  readonly stub: () => ClientStub;
  readonly context: (credentials: Credentials) => RefusalDesk;
  /** The client's error as text: `InsufficientFunds`, `BadRequestError -2010`. */
  readonly nameOf: (error: unknown) => string;
  readonly messageOf: (error: unknown) => string;
}

/** Provokes every documented refusal through a client, which must throw its own typed error. */
export function describeRefusals({ client, stub, context, nameOf, messageOf }: RefusalSuite): void {
  describe(`${CLIENT_DAYS[client].package} throws its own error for`, () => {
    afterEach(() => stub().control.send("DELETE", "/venues/binance/misbehaviors"));

    it.each(VENUE_REFUSALS)("$code for $name", async (refusal) => {
      const { provocation, request } = refusal;
      const { apiKey, apiSecret } = { ...BINANCE_CREDENTIALS, ...provocation };
      const own = context({ apiKey, apiSecret });
      if (provocation.isRepeated) await send(own, request);
      const [name, options] = provocation.misbehavior ?? [];
      if (name !== undefined) await stub().control.misbehave("binance", name, options);
      const outcome = await send(own, request).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      if (outcome === undefined) throw new Error(`Expected ${refusal.code}, got an answer.`);
      const expected = typedErrorOf(client, refusal);
      expect(nameOf(outcome.error)).toBe(expected.name);
      expect(messageOf(outcome.error)).toContain(expected.message);
    });
  });
}

function send(context: RefusalDesk, request: RefusedRequest): Promise<unknown> {
  switch (request.kind) {
    case "place":
      return context.place(request.parameters);
    case "replace":
      return context.replace(request.parameters);
    case "query":
      return context.query("BTCUSDT", request.orderId);
    case "cancel":
      return context.cancel("BTCUSDT", request.orderId);
    case "read-book":
      return context.readBook(request.symbol);
    case "read-account":
      return context.readAccount();
  }
}
