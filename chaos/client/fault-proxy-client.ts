import { Toxiproxy } from "toxiproxy-node-client";
import { z } from "zod";
import { UnavailableError } from "../../core/index.ts";
import { type ToxicBite, toxicBiteSchema } from "../proxy/toxic-bite.ts";
import { DeadlineHttpClient, FaultProxyError } from "./deadline-http-client.ts";
import {
  capabilities,
  type LeaseRecord,
  type LinkOptions,
  type LinkState,
  type LinkTraffic,
  lease,
  linkState,
  linkTraffic,
  type ToxicOptions,
  type ToxicState,
  toxicState,
  version,
} from "./fault-proxy-state.ts";
import { LeaseKeeper, type LeaseState } from "./lease-keeper.ts";

export interface FaultProxyClientOptions {
  /** The deadline of each call. */
  readonly deadlineMs: number;
  /**
   * The address of a witness beside the proxy, which counts the traffic of its links; null: there is no
   * witness.
   */
  readonly witnessUrl: string | null;
}

const DEFAULT_OPTIONS: FaultProxyClientOptions = { deadlineMs: 5_000, witnessUrl: null };

/**
 * Controls a fault proxy: kanit's own, or Shopify's Toxiproxy. Every call has a deadline. An error answer is
 * a FaultProxyError with the server's own message; a proxy that does not answer is an UnavailableError.
 */
export class FaultProxyClient {
  readonly url: string;
  readonly #options: FaultProxyClientOptions;
  readonly #toxiproxy: Toxiproxy;

  private constructor(
    url: string,
    options: FaultProxyClientOptions,
    headers: Readonly<Record<string, string>> = {},
  ) {
    this.url = url;
    this.#options = options;
    this.#toxiproxy = new Toxiproxy(url);
    this.#toxiproxy.api = new DeadlineHttpClient(options.deadlineMs, headers);
  }

  /**
   * Returns a client of the fault proxy whose control API is at `url`, once it has answered.
   *
   * @throws UnavailableError when it does not answer within the deadline.
   */
  static async connect(
    url: string,
    options: Partial<FaultProxyClientOptions> = {},
  ): Promise<FaultProxyClient> {
    const client = new FaultProxyClient(url.replace(/\/+$/, ""), { ...DEFAULT_OPTIONS, ...options });
    await client.version();
    return client;
  }

  /** The version of Toxiproxy that the server reports. */
  async version(): Promise<string> {
    const { data } = await this.#toxiproxy.api.get(this.#path("version"));
    return read(version, data, "GET /version").version;
  }

  /**
   * The engine's capabilities beyond Toxiproxy's API; empty for Toxiproxy. `bites`: it counts what each toxic
   * affected. `leases`: it undoes what was changed under a lease that is not renewed.
   */
  async capabilities(): Promise<ReadonlySet<string>> {
    try {
      const { data } = await this.#toxiproxy.api.get(this.#path("kanit", "capabilities"));
      return new Set(read(capabilities, data, "GET /kanit/capabilities").capabilities);
    } catch (error) {
      if (error instanceof FaultProxyError && error.status === 404) return new Set();
      throw error;
    }
  }

  /** Creates or changes these links, without toxics and enabled, and returns them with their real ports, by name. */
  async populate(links: readonly LinkOptions[]): Promise<ReadonlyMap<string, LinkState>> {
    await this.#toxiproxy.populate(links.map((link) => ({ ...link, enabled: true })));
    return this.links();
  }

  /** Every link, by name. */
  async links(): Promise<ReadonlyMap<string, LinkState>> {
    const { data } = await this.#toxiproxy.api.get(this.#path("proxies"));
    return new Map(Object.entries(read(z.record(z.string(), linkState), data, "GET /proxies")));
  }

  /**
   * One link.
   *
   * @throws FaultProxyError 404
   */
  async link(name: string): Promise<LinkState> {
    const { data } = await this.#toxiproxy.api.get(this.#path("proxies", name));
    return read(linkState, data, `GET /proxies/${name}`);
  }

  /** Connects the link to another server. Its port stays the same. */
  async setUpstream(name: string, upstream: string): Promise<LinkState> {
    return this.#updateLink(name, { upstream });
  }

  /** Opens the link's port again, or closes it and its connections. */
  async setEnabled(name: string, enabled: boolean): Promise<LinkState> {
    return this.#updateLink(name, { enabled });
  }

  /** Adds a toxic to the link, including its open connections. */
  async addToxic(link: string, toxic: ToxicOptions): Promise<ToxicState> {
    const { data } = await this.#toxiproxy.api.post(this.#path("proxies", link, "toxics"), toxic);
    return read(toxicState, data, `POST /proxies/${link}/toxics`);
  }

  /** Changes attributes or the toxicity of an active toxic. What is absent stays unchanged. */
  async updateToxic(
    link: string,
    toxic: string,
    change: Partial<Pick<ToxicOptions, "attributes" | "toxicity">>,
  ): Promise<ToxicState> {
    const { data } = await this.#toxiproxy.api.post(this.#path("proxies", link, "toxics", toxic), change);
    return read(toxicState, data, `POST /proxies/${link}/toxics/${toxic}`);
  }

  /**
   * Removes a toxic from the link, including its open connections.
   *
   * @throws FaultProxyError 404
   */
  async removeToxic(link: string, toxic: string): Promise<void> {
    await this.#toxiproxy.api.delete(this.#path("proxies", link, "toxics", toxic));
  }

  /** Enables every link and removes every toxic. */
  async reset(): Promise<void> {
    await this.#toxiproxy.reset();
  }

  /**
   * Starts again: resets and, if the engine has the capability `restart`, sets this seed and counts
   * connections from 1, so that decisions do not depend on what happened before.
   */
  async restart(seed: number): Promise<void> {
    if ((await this.capabilities()).has("restart")) {
      await this.#toxiproxy.api.post(this.#path("kanit", "restart"), { seed });
    } else {
      await this.reset();
    }
  }

  /**
   * The traffic of a link so far, as counted by the witness; null when the client has no witness.
   *
   * @throws FaultProxyError or UnavailableError when the witness does not answer.
   */
  async traffic(link: string): Promise<LinkTraffic | null> {
    const { witnessUrl } = this.#options;
    if (witnessUrl === null) return null;
    const url = [witnessUrl, "traffic", encodeURIComponent(link)].join("/");
    const { data } = await this.#toxiproxy.api.get(url);
    return read(linkTraffic, data, `GET ${url}`);
  }

  /**
   * What each toxic actually affected.
   *
   * @throws FaultProxyError 404 when the engine lacks the capability `bites`.
   */
  async bites(): Promise<readonly ToxicBite[]> {
    const { data } = await this.#toxiproxy.api.get(this.#path("kanit", "bites"));
    return read(z.array(toxicBiteSchema), data, "GET /kanit/bites");
  }

  /**
   * Opens a lease and keeps it renewed. What is changed through its `proxy` is undone when it is
   * released, and within `ttlMs` when this process has ended. When the engine has no leases, the
   * changes are made without one.
   *
   * @throws FaultProxyError 400 when `ttlMs` is not from 100 ms to 24 hours.
   */
  async openLease(owner: string, ttlMs: number): Promise<FaultLease> {
    if (!(await this.capabilities()).has("leases")) return new FaultLease(this, null);
    const openedAtMs = performance.now();
    const id = await this.#openLease(owner, ttlMs);
    // A renewal that takes longer is better tried again.
    const renewals = new DeadlineHttpClient(Math.min(this.#options.deadlineMs, Math.ceil(ttlMs / 3)));
    const keeper = new LeaseKeeper({
      ttlMs,
      openedAtMs,
      renew: async () => {
        await renewals.post(this.#path("leases", id, "renew"));
      },
      release: () => this.#toxiproxy.api.delete(this.#path("leases", id)),
    });
    return new FaultLease(this.#underLease(id), keeper);
  }

  /**
   * A client whose changes the fault proxy undoes after `durationMs`, whether or not this process still runs.
   *
   * @throws FaultProxyError 400 when `durationMs` is not from 100 ms to 24 hours; 404 when
   *   the engine has no leases.
   */
  async forLimitedTime(owner: string, durationMs: number): Promise<FaultProxyClient> {
    return this.#underLease(await this.#openLease(owner, durationMs));
  }

  /** The engine's leases, with owner and expiry; empty when the engine has no leases. */
  async leases(): Promise<readonly LeaseRecord[]> {
    if (!(await this.capabilities()).has("leases")) return [];
    const { data } = await this.#toxiproxy.api.get(this.#path("leases"));
    return read(z.array(lease), data, "GET /leases");
  }

  /** Ends a lease of this id, which undoes everything that was changed under it. */
  async endLease(id: string): Promise<void> {
    await this.#toxiproxy.api.delete(this.#path("leases", id));
  }

  async #openLease(owner: string, ttlMs: number): Promise<string> {
    const { data } = await this.#toxiproxy.api.post(this.#path("leases"), { owner, ttlMs });
    return read(lease, data, "POST /leases").id;
  }

  #underLease(id: string): FaultProxyClient {
    return new FaultProxyClient(this.url, this.#options, { "kanit-lease": id });
  }

  async #updateLink(
    name: string,
    change: Partial<Pick<LinkState, "upstream" | "enabled">>,
  ): Promise<LinkState> {
    const { data } = await this.#toxiproxy.api.post(this.#path("proxies", name), change);
    return read(linkState, data, `POST /proxies/${name}`);
  }

  #path(...segments: readonly string[]): string {
    return [this.url, ...segments.map(encodeURIComponent)].join("/");
  }
}

/**
 * Permission to inject faults for as long as this process renews it: when the process ends in
 * any way, the faults heal.
 */
export class FaultLease implements AsyncDisposable {
  /**
   * The fault proxy with every change made under the lease. It refuses what a lease cannot undo: `reset`,
   * `populate` and removing another owner's toxic.
   */
  readonly proxy: FaultProxyClient;
  readonly #keeper: LeaseKeeper | null;

  /** `keeper` is null when the engine has no leases. */
  constructor(proxy: FaultProxyClient, keeper: LeaseKeeper | null) {
    this.proxy = proxy;
    this.#keeper = keeper;
  }

  /** Whether the engine has leases. Without them, faults stay until they are healed. */
  get leased(): boolean {
    return this.#keeper !== null;
  }

  /** The lease's state as of the last renewal. */
  get state(): LeaseState {
    return this.#keeper?.state ?? { kind: "unknown-to-engine" };
  }

  /** Ends the lease, which undoes everything that was changed under it, and returns its final state. */
  async release(): Promise<LeaseState> {
    return this.#keeper?.release() ?? this.state;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }
}

function read<T>(schema: z.ZodType<T>, data: unknown, call: string): T {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  throw new UnavailableError({
    code: "fault-proxy-answer",
    message: `Expected the answer of a fault proxy to ${call}, got: ${z.prettifyError(result.error)}`,
    nextStep: "Check that this is the address of a fault proxy's control API.",
    cause: result.error,
  });
}
