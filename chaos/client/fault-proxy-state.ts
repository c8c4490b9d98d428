import { z } from "zod";

/** The direction of bytes, in Toxiproxy's words: `upstream` is from the client to the server. */
export type Stream = "upstream" | "downstream";

/** A link to be created. `listen` and `upstream` are `host:port`; port 0 in `listen` is any free port. */
export interface LinkOptions {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
}

/** The value of a toxic's attribute: a number in the toxic's unit, a text, or texts by name (headers). */
export type ToxicAttribute = number | string | Readonly<Record<string, string>>;

/** A toxic to be added, in the API's own terms. The default `name` is `<type>_<stream>`. */
export interface ToxicOptions {
  readonly name?: string;
  readonly type: string;
  readonly stream: Stream;
  /** The share of connections that it affects, 0 to 1. */
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

/** The current state of a toxic. */
export type ToxicState = z.infer<typeof toxicState>;
/** The current state of a link. `listen` has the real port. */
export type LinkState = z.infer<typeof linkState>;
/** A lease as the engine reports it. `expiresAtMs` is in ms since the Unix epoch. */
export type LeaseRecord = z.infer<typeof lease>;

/**
 * The bytes received on a link, by direction: on each open connection since it was opened, and on all
 * ended connections together. Both only grow, except that the bytes of a connection that ends move from
 * the first to the second.
 */
export type LinkTraffic = z.infer<typeof linkTraffic>;
