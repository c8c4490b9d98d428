import { z } from "zod";
import { patternComplaint } from "../../core/index.ts";
import type { FaultProxyClient } from "../client/fault-proxy-client.ts";

/** What faults act on. */
export interface FaultContext {
  readonly proxy: FaultProxyClient;
  /**
   * The URL of the database through a link, for faults that are clients of it. Asked for by the link that the fault
   * names, so that a fault cannot act on another one.
   *
   * @throws UsageError `link-without-database` for a link that leads to no database.
   */
  readonly databaseUrlOf: (link: string) => string;
  /** The exchange stubs' control API, for faults that are theirs. */
  readonly venueControlUrl: string;
}

/**
 * What a fault really touched. `counted` with zeroes is proof that it touched nothing; `unknown` is no proof at all.
 * Neither of the two ever makes a scenario pass.
 */
export type FaultBite =
  | {
      readonly kind: "counted";
      readonly connections: number;
      readonly bytes: number;
      /** Null where the fault does not know messages. */
      readonly messages: number | null;
    }
  | { readonly kind: "unknown"; readonly why: string };

/** A fault at work, as its kind made it. */
export interface Injection {
  /** What it is, for a person. */
  readonly label: string;
  /** Undoes it. */
  heal(): Promise<void>;
  /** Asks what it has touched so far; answers after it healed too. */
  bite(): Promise<FaultBite>;
}

/** One attribute of a kind of fault, as a person gives it. */
export interface FaultAttribute {
  /** With its unit: `latencyMs`. */
  readonly name: string;
  /** The toxic's name for it where there is one: `latency`. */
  readonly toxicName?: string;
  /** A number, a text, or headers: `Retry-After: 5; X-Reason: none`. */
  readonly takes: "number" | "text" | "headers";
  readonly summary: string;
}

/** `toxiproxy`: any engine that speaks its API will do. `kanit`: only kanit's own engine has the toxic. */
type EngineNeed = "toxiproxy" | "kanit";

/** One kind of fault: what it takes, how it is injected and how it heals. */
export interface FaultKind<F extends { readonly kind: string; readonly link: string }> {
  readonly kind: F["kind"];
  /** The toxic behind it, where it is one. */
  readonly toxicType?: string;
  /** What the fault proxy has to be: any that speaks Toxiproxy's API, or kanit's own. */
  readonly needs: EngineNeed;
  readonly summary: string;
  /** How it heals, for a person. */
  readonly healing: string;
  readonly attributes: readonly FaultAttribute[];
  readonly schema: z.ZodType<F, unknown> & { readonly shape: Readonly<Record<string, unknown>> };
  label(fault: F): string;
  inject(fault: F, context: FaultContext): Promise<Injection>;
}

/** Checks what every kind has in common. */
export const linkName = z.string().min(1);
export const streamName = z.enum(["upstream", "downstream"]);
/** The share of connections taken, 0 to 1. */
export const share = z.number().min(0).max(1);
/** A whole number of at least 0: milliseconds, bytes. */
export const wholeNumber = z.number().int().min(0);
/** A regular expression's source, in RE2's syntax. */
export const regularExpression = z
  .string()
  .refine(
    (source) => patternComplaint(source) === undefined,
    "Expected a regular expression of RE2's syntax",
  );
