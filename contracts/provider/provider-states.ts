import { requireSuccess } from "./ask.ts";
import { type StateOrder, VenueAccount } from "./venue-account.ts";
import type { Credentials, VenueUnderVerification } from "./venue-under-verification.ts";

/** What a state's setup returns to Pact: values for requests that refer to them. */
type StateValues = Record<string, string>;
type StateParameters = Readonly<Record<string, string>>;
type StateSetUp = (parameters: StateParameters) => Promise<StateValues>;

/** States that only change how a request is signed, and need nothing from the venue. */
const OF_THE_SIGNATURE: ReadonlySet<string> = new Set(["the key is not known", "the secret is another"]);
const RESTING_PRICE = "30000";

/** Sets up the states that a pact names, and resets the venue before each interaction. */
export class ProviderStates {
  readonly #venue: VenueUnderVerification;
  readonly #account: VenueAccount;
  #credentials: Credentials;

  constructor(venue: VenueUnderVerification) {
    this.#venue = venue;
    this.#account = new VenueAccount(venue);
    this.#credentials = venue;
  }

  /** The account with whose keys the next request is signed. */
  get credentials(): Credentials {
    return this.#credentials;
  }

  /** Every state by its name. Each throws UnavailableError when it cannot be set up. */
  readonly setUps: Readonly<Record<string, StateSetUp>> = {
    "no order has been placed": async () => ({}),
    "an order rests": async ({ clientOrderId = "", symbol = "" }) =>
      this.#order({ symbol, clientOrderId, type: "limit", quantity: "0.001", price: RESTING_PRICE }),
    "an order has been filled": async ({ clientOrderId = "", symbol = "" }) =>
      this.#order({ symbol, clientOrderId, type: "market", quantity: "0.001", price: null }),
    "open orders lock most of the balance": async ({ symbol = "" }) =>
      this.#order({ symbol, clientOrderId: "locks", type: "limit", quantity: "33", price: RESTING_PRICE }),
    "the key is not known": async () => {
      this.#credentials = { ...this.#venue, key: "0".repeat(64) };
      return {};
    },
    "the secret is another": async () => {
      this.#credentials = { ...this.#venue, secret: Buffer.from("another").toString("base64") };
      return {};
    },
    "the venue misbehaves": async ({ misbehavior = "" }) => this.#misbehave(misbehavior),
    "the order limit is used up": async () =>
      this.#misbehave(this.#venue.provider === "btcturk" ? "quota-exceeded" : "too-many-orders"),
    "the request weight is used up": async () => this.#misbehave("too-much-weight"),
    "the address is banned": async () => this.#misbehave("ip-ban"),
    "the clock is an hour ahead": async () => this.#misbehave("clock-skew", { skewMs: 3_600_000 }),
  };

  /** Why a state cannot be set up at this venue; undefined when it can. */
  reasonUnavailable(state: string): string | undefined {
    if (!Object.hasOwn(this.setUps, state)) return `nobody knows how to set up "${state}"`;
    if (this.#venue.controlUrl !== null || OF_THE_SIGNATURE.has(state)) return undefined;
    return `"${state}" needs a control API`;
  }

  /** Resets the venue, if it has a control API. */
  async reset(): Promise<void> {
    this.#credentials = this.#venue;
    if (this.#venue.controlUrl !== null) await this.#control("POST", "/reset", {});
  }

  async #order(order: StateOrder): Promise<StateValues> {
    return { orderId: await this.#account.buy(order) };
  }

  async #misbehave(name: string, options: Readonly<Record<string, number>> = {}): Promise<StateValues> {
    const venue = this.#venue.provider === "binance-spot" ? "binance" : "btcturk";
    await this.#control("PUT", `/venues/${venue}/misbehaviors/${name}`, options);
    return {};
  }

  async #control(method: "POST" | "PUT", path: string, body: object): Promise<void> {
    await requireSuccess(`${this.#venue.controlUrl}${path}`, this.#venue.allowedHosts, {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  }
}
