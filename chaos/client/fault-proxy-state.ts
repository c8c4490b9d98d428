import { z } from "zod";

/** The direction of bytes, in Toxiproxy's words: `upstream` is from the client to the server. */
export type Stream = "upstream" | "downstream";

/** A link to be set up. `listen` and `upstream` are `host:port`; port 0 in `listen`: any. */
export interface LinkOptions {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
}

/** The value of one attribute of a toxic: a number in the toxic's unit, a text, or texts by name (headers). */
export type ToxicAttribute = number | string | Readonly<Record<string, string>>;

/** A toxic to be added, in the API's own terms. `name` is `<type>_<stream>` when it is left out. */
export interface ToxicOptions {
  readonly name?: string;
  readonly type: string;
  readonly stream: Stream;
  /** The share of connections it takes, 0 to 1. */
  readonly toxicity: number;
  readonly attributes: Readonly<Record<string, ToxicAttribute>>;
}

export const toxicState = z.object({
  name: z.string(),
  type: z.string(),
  stream: z
    .string()
    .toLowerCase()
    .pipe(z.enum(["upstream", "downstream"])),
  toxicity: z.number(),
  attributes: z.record(z.string(), z.union([z.number(), z.string(), z.record(z.string(), z.string())])),
});

export const linkState = z.object({
  name: z.string(),
  listen: z.string(),
  upstream: z.string(),
  enabled: z.boolean(),
  toxics: z.array(toxicState),
});

export const lease = z.object({
  id: z.string(),
  owner: z.string(),
  ttlMs: z.number(),
  expiresAtMs: z.number(),
});
export const version = z.object({ version: z.string() });
export const capabilities = z.object({ engine: z.string(), capabilities: z.array(z.string()) });

const directionTraffic = z.object({ open: z.record(z.string(), z.number()), endedBytes: z.number() });
export const linkTraffic = z.object({ upstream: directionTraffic, downstream: directionTraffic });

/** A toxic as it is. */
export type ToxicState = z.infer<typeof toxicState>;
/** A link as it is. `listen` has the real port. */
export type LinkState = z.infer<typeof linkState>;
/** A lease as the engine tells of it. `expiresAtMs` is of the Unix epoch. */
export type LeaseRecord = z.infer<typeof lease>;

/**
 * The bytes that came in on a link, by direction: on each open connection since it was opened, and on all that have
 * ended together. Both only grow, but for a connection that ends, whose bytes go from the one to the other.
 */
export type LinkTraffic = z.infer<typeof linkTraffic>;
