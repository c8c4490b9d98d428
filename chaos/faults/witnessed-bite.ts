import type { FaultBite } from "../../core/index.ts";
import type { FaultProxyClient } from "../client/fault-proxy-client.ts";
import type { LinkTraffic, Stream } from "../client/fault-proxy-state.ts";

/**
 * What a fault touched, for an engine that counts nothing itself (Toxiproxy). A witness beside it counts the
 * bytes received on each link: bytes received while the toxic was active in that direction passed through it.
 */
export class WitnessedBite {
  readonly #proxy: FaultProxyClient;
  readonly #link: string;
  readonly #before: LinkTraffic;

  private constructor(proxy: FaultProxyClient, link: string, before: LinkTraffic) {
    this.#proxy = proxy;
    this.#link = link;
    this.#before = before;
  }

  /**
   * Reads the traffic just before the fault is injected; null when the engine counts
   * itself, or without a witness.
   */
  static async begin(proxy: FaultProxyClient, link: string): Promise<WitnessedBite | null> {
    if ((await proxy.capabilities()).has("bites")) return null;
    const before = await proxy.traffic(link);
    return before === null ? null : new WitnessedBite(proxy, link, before);
  }

  /** Returns the traffic since then in this direction. Call it before the toxic is removed. */
  async passed(stream: Stream): Promise<FaultBite> {
    const now = await this.#proxy.traffic(this.#link);
    if (now === null) return { kind: "unknown", why: "the witness no longer counts this link" };
    return touchedBetween(this.#before, now, stream);
  }

  /** Returns how many connections were open then and are closed now. Call it after the link was disabled. */
  async cut(): Promise<FaultBite> {
    const now = await this.#proxy.traffic(this.#link);
    if (now === null) return { kind: "unknown", why: "the witness no longer counts this link" };
    const before = Object.keys(this.#before.upstream.open);
    const gone = before.filter((connection) => now.upstream.open[connection] === undefined);
    if (gone.length === 0) return { kind: "unknown", why: "no connection was open to be cut" };
    return { kind: "counted", connections: gone.length, bytes: 0, messages: null };
  }
}

/**
 * Returns the traffic between two readings. A connection that ended in between adds its bytes but is not
 * counted as a connection, since the witness keeps only a total for ended connections.
 */
export function touchedBetween(before: LinkTraffic, now: LinkTraffic, stream: Stream): FaultBite {
  const [earlier, later] = [before[stream], now[stream]];
  const total = ({ open, endedBytes }: LinkTraffic[Stream]) =>
    Object.values(open).reduce((sum, bytes) => sum + bytes, endedBytes);
  const connections = Object.entries(later.open).filter(
    ([connection, bytes]) => bytes > (earlier.open[connection] ?? 0),
  ).length;
  return { kind: "counted", connections, bytes: Math.max(0, total(later) - total(earlier)), messages: null };
}
