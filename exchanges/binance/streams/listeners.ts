import type { StreamClient } from "./stream-client.ts";

/**
 * The listeners of each stream. Streams are grouped by the part before the first `@`: a symbol, or a name
 * such as `!ticker`.
 */
export class Listeners {
  readonly #clients = new Map<string, Set<StreamClient>>();
  readonly #byGroup = new Map<string, Set<string>>();

  /** Adds a listener. */
  add(stream: string, client: StreamClient): void {
    const clients = this.#clients.get(stream);
    if (clients !== undefined) {
      clients.add(client);
      return;
    }
    this.#clients.set(stream, new Set([client]));
    const group = this.#byGroup.get(groupOf(stream));
    if (group === undefined) this.#byGroup.set(groupOf(stream), new Set([stream]));
    else group.add(stream);
  }

  /** Removes a listener. Returns whether it was the stream's last. */
  remove(stream: string, client: StreamClient): boolean {
    const clients = this.#clients.get(stream);
    clients?.delete(client);
    if (clients === undefined || clients.size > 0) return false;
    this.#clients.delete(stream);
    this.#byGroup.get(groupOf(stream))?.delete(stream);
    return true;
  }

  of(stream: string): Iterable<StreamClient> {
    return this.#clients.get(stream) ?? [];
  }

  has(stream: string): boolean {
    return this.#clients.has(stream);
  }

  /** The streams of a group that have listeners. */
  streamsOf(group: string): Iterable<string> {
    return this.#byGroup.get(group) ?? [];
  }
}

/** `btcusdt` of `btcusdt@trade`, `!ticker` of `!ticker@arr`. */
function groupOf(stream: string): string {
  const at = stream.indexOf("@");
  return at < 0 ? stream : stream.slice(0, at);
}
