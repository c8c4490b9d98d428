import type { RunningExchanges } from "../start-exchanges.ts";

/** A plain client of the control API. */
export class ControlTestClient {
  readonly #base: string;

  constructor(exchanges: RunningExchanges) {
    this.#base = exchanges.addresses.control;
  }

  async send(method: string, path: string, body?: unknown) {
    const headers = { "content-type": "application/json" };
    const init = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) };
    const response = await fetch(this.#base + path, init);
    // biome-ignore lint/suspicious/noExplicitAny: a test says itself which shape it expects
    return { status: response.status, body: (await response.json()) as any };
  }

  /** Enables a misbehavior; `how` is its frequency, its time to live and its own options. */
  async misbehave(venue: string, name: string, how: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const { status, body } = await this.send("PUT", `/venues/${venue}/misbehaviors/${name}`, how);
    if (status !== 200) throw new Error(`Expected 200 for ${name}, got ${status}: ${body.message}`);
  }

  async behave(venue: string, name: string): Promise<void> {
    await this.send("DELETE", `/venues/${venue}/misbehaviors/${name}`);
  }

  async bites(venue: string, name: string): Promise<number> {
    return (await this.send("GET", `/venues/${venue}/misbehaviors/${name}`)).body.bites;
  }

  async record(venue: string, topic: "orders" | "trades" | "balances"): Promise<Record<string, unknown>[]> {
    return (await this.send("GET", `/venues/${venue}/${topic}`)).body;
  }
}
