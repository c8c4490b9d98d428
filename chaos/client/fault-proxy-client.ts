import { Toxiproxy } from "toxiproxy-node-client";
import { z } from "zod";
import { UnavailableError } from "../../core/index.ts";
import { DeadlineHttpClient, FaultProxyError } from "./deadline-http-client.ts";

/** The direction of bytes, in Toxiproxy's words: `upstream` is from the client to the server. */
export type Stream = "upstream" | "downstream";

/** A link to be set up. `listen` and `upstream` are `host:port`; port 0 in `listen`: any. */
export interface LinkWish {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
}

/** A toxic to be added, in the API's own terms. `name` is `<type>_<stream>` when it is left out. */
export interface ToxicWish {
  readonly name?: string;
  readonly type: string;
  readonly stream: Stream;
  /** The share of connections it takes, 0 to 1. */
  readonly toxicity: number;
  readonly attributes: Readonly<Record<string, number>>;
}

const toxicState = z.object({
  name: z.string(),
  type: z.string(),
  stream: z
    .string()
    .toLowerCase()
    .pipe(z.enum(["upstream", "downstream"])),
  toxicity: z.number(),
  attributes: z.record(z.string(), z.number()),
});

const linkState = z.object({
  name: z.string(),
  listen: z.string(),
  upstream: z.string(),
  enabled: z.boolean(),
  toxics: z.array(toxicState),
});

const bite = z.object({
  proxy: z.string(),
  toxic: z.string().nullable(),
  connections: z.number(),
  bytes: z.number(),
  firstAtMs: z.number().nullable(),
  lastAtMs: z.number().nullable(),
});

const version = z.object({ version: z.string() });
const capabilities = z.object({ engine: z.string(), capabilities: z.array(z.string()) });

/** A toxic as it is. */
export type ToxicState = z.infer<typeof toxicState>;
/** A link as it is. `listen` has the real port. */
export type LinkState = z.infer<typeof linkState>;
/** What a toxic really touched; `toxic` is null for the link itself being disabled. Times are of the Unix epoch. */
export type Bite = z.infer<typeof bite>;

export interface FaultProxyClientOptions {
  /** How long each call may take. */
  readonly deadlineMs: number;
}

const DEFAULT_OPTIONS: FaultProxyClientOptions = { deadlineMs: 5_000 };

/**
 * Drives a fault proxy: ours, or Shopify's Toxiproxy. Every call has a deadline. A refusal is a FaultProxyError with
 * the server's own message; a proxy that does not answer is an UnavailableError.
 */
export class FaultProxyClient {
  readonly url: string;
  readonly #toxiproxy: Toxiproxy;

  private constructor(url: string, options: FaultProxyClientOptions) {
    this.url = url;
    this.#toxiproxy = new Toxiproxy(url);
    this.#toxiproxy.api = new DeadlineHttpClient(options.deadlineMs);
  }

  /**
   * Gives a client of the fault proxy whose control API is at `url`, once it has answered.
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

  /** The version of Toxiproxy that the server says it is. */
  async version(): Promise<string> {
    const { data } = await this.#toxiproxy.api.get(this.#path("version"));
    return read(version, data, "GET /version").version;
  }

  /**
   * What the engine can do beyond Toxiproxy's API: nothing, where it is Toxiproxy. `bites`: it counts what each toxic
   * touched.
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

  /** Creates or changes these links, without toxics and enabled, and gives them with their real ports, by name. */
  async populate(links: readonly LinkWish[]): Promise<ReadonlyMap<string, LinkState>> {
    await this.#toxiproxy.populate(links.map((link) => ({ ...link, enabled: true })));
    return this.links();
  }

  /** Every link, by name. */
  async links(): Promise<ReadonlyMap<string, LinkState>> {
    const { data } = await this.#toxiproxy.api.get(this.#path("proxies"));
    return new Map(Object.entries(read(z.record(z.string(), linkState), data, "GET /proxies")));
  }

  /** One link as it is. @throws FaultProxyError 404 */
  async link(name: string): Promise<LinkState> {
    const { data } = await this.#toxiproxy.api.get(this.#path("proxies", name));
    return read(linkState, data, `GET /proxies/${name}`);
  }

  /** Leads the link to another server. It goes on listening on the same port. */
  async setUpstream(name: string, upstream: string): Promise<LinkState> {
    return this.#updateLink(name, { upstream });
  }

  /** Opens the link's port again, or closes it and cuts what is open. */
  async setEnabled(name: string, enabled: boolean): Promise<LinkState> {
    return this.#updateLink(name, { enabled });
  }

  /** Adds a toxic to the link, open connections included. */
  async addToxic(link: string, toxic: ToxicWish): Promise<ToxicState> {
    const { data } = await this.#toxiproxy.api.post(this.#path("proxies", link, "toxics"), toxic);
    return read(toxicState, data, `POST /proxies/${link}/toxics`);
  }

  /** Changes attributes or toxicity of a toxic at work. What is left out stays. */
  async updateToxic(
    link: string,
    toxic: string,
    change: Partial<Pick<ToxicWish, "attributes" | "toxicity">>,
  ): Promise<ToxicState> {
    const { data } = await this.#toxiproxy.api.post(this.#path("proxies", link, "toxics", toxic), change);
    return read(toxicState, data, `POST /proxies/${link}/toxics/${toxic}`);
  }

  /** Removes a toxic from the link, open connections included. @throws FaultProxyError 404 */
  async removeToxic(link: string, toxic: string): Promise<void> {
    await this.#toxiproxy.api.delete(this.#path("proxies", link, "toxics", toxic));
  }

  /** Enables every link and removes every toxic. */
  async reset(): Promise<void> {
    await this.#toxiproxy.reset();
  }

  /** What each toxic really touched. @throws FaultProxyError 404 where the engine has not the capability `bites`. */
  async bites(): Promise<readonly Bite[]> {
    const { data } = await this.#toxiproxy.api.get(this.#path("kanit", "bites"));
    return read(z.array(bite), data, "GET /kanit/bites");
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
