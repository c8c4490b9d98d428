import type { Frequency } from "../misbehaviours/misbehaviour.ts";
import type { RunningExchanges } from "../start-exchanges.ts";

/** A plain client of the control API. */
export class ControlTestClient {
  readonly #base: string;

  constructor(exchanges: RunningExchanges) {
    this.#base = exchanges.addresses.control;
  }

  async send(method: string, path: string, body?: unknown) {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(this.#base + path, init);
    // biome-ignore lint/suspicious/noExplicitAny: a test says itself which shape it expects
    return { status: response.status, body: (await response.json()) as any };
  }

  async misbehave(venue: string, name: string, frequency: Frequency): Promise<void> {
    const { status } = await this.send("PUT", `/venues/${venue}/misbehaviours/${name}`, frequency);
    if (status !== 200) throw new Error(`Expected 200 for ${name}, got ${status}.`);
  }

  async bites(venue: string, name: string): Promise<number> {
    return (await this.send("GET", `/venues/${venue}/misbehaviours/${name}`)).body.bites;
  }

  async truth(venue: string, topic: "orders" | "trades" | "balances"): Promise<Record<string, unknown>[]> {
    return (await this.send("GET", `/venues/${venue}/${topic}`)).body;
  }
}
