import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { API_SCHEMA, type ApiDefinition } from "../api/index.ts";
import { parseDurationMs, UsageError } from "../core/index.ts";
import { CONDITION_SCHEMA, type Condition } from "../signals/index.ts";
import { tradingAmong, VENUE_NAMES, type VenueName } from "../venues/index.ts";
import { completeMetrics, METRICS_SCHEMA, type MetricsDefinition } from "./metrics-definition.ts";
import { platformNameSchema } from "./platform-name.ts";

const programSchema = z.tuple([z.string()], z.string());

const venues = z
  .array(z.enum(VENUE_NAMES))
  .refine((names) => new Set(names).size === names.length, "expected each venue once")
  .refine((names) => tradingAmong(names).length > 0, "expected at least one venue that takes orders");

const definitionSchema = z.strictObject({
  name: platformNameSchema,
  venues,
  start: programSchema,
  migrate: programSchema,
  migrations: z.string(),
  listens: z.enum(["announced", "on-port"]),
  health: z.string().startsWith("/"),
  metrics: METRICS_SCHEMA,
  api: API_SCHEMA,
  settlesWithin: z.string().transform((text) => parseDurationMs(text)),
  reset: z.union([z.strictObject({ post: z.string().startsWith("/") }), z.literal("restart")]),
  environment: z.record(z.string(), z.string()).default({}),
  conditions: z.array(CONDITION_SCHEMA).readonly().default([]),
  ledger: z.strictObject({ orders: z.string(), fills: z.string(), positions: z.string() }),
});

/** How to run the platform under test: Spark's is platform/platform.yml, and a user's own takes its place. */
export interface PlatformDefinition {
  readonly name: string;
  /** The venues that it trades or quotes. It is told of no other, and nothing of another is asked of it. */
  readonly venues: readonly VenueName[];
  /** The folder of the definition's file: programs run there, paths start there. */
  readonly directory: string;
  readonly start: readonly [string, ...string[]];
  /** Brings the database in `DATABASE_URL` up to date. */
  readonly migrate: readonly [string, ...string[]];
  /** A file or folder: when what it holds changes, the database is initialized anew. */
  readonly migrations: string;
  /** `announced`: prints `{"event":"listening","url":…}` as its first line. `on-port`: listens on `PORT`. */
  readonly listens: "announced" | "on-port";
  readonly health: string;
  readonly metrics: MetricsDefinition;
  /** How its API is spoken. */
  readonly api: ApiDefinition;
  /** How long after the last fault an order's outcome may stay unknown: leases, graces, retries. */
  readonly settlesWithinMs: number;
  readonly reset: { readonly kind: "post"; readonly path: string } | { readonly kind: "restart" };
  readonly environment: Readonly<Record<string, string>>;
  /** What its own metrics must say when the load of a scenario has ended, besides what every platform's must. */
  readonly conditions: readonly Condition[];
  readonly ledger: LedgerQueries;
}

/** How the platform's books are read: SQL queries whose columns platform/platform.yml shows. */
export interface LedgerQueries {
  readonly orders: string;
  readonly fills: string;
  readonly positions: string;
}

/**
 * Reads a platform definition (docs/own-platform.md explains each field).
 *
 * @throws UsageError `bad-platform-definition` naming the file and the field.
 */
export async function readPlatformDefinition(path: string): Promise<PlatformDefinition> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw unreadable(path, error instanceof Error ? error.message : String(error), error);
  });
  const parsed = definitionSchema.safeParse(parseYaml(path, text));
  if (!parsed.success)
    throw unreadable(path, z.prettifyError(parsed.error).replaceAll("\n", " "), parsed.error);
  const { reset, migrations, settlesWithin, metrics, ...rest } = parsed.data;
  const directory = dirname(resolve(path));
  return {
    ...rest,
    directory,
    metrics: await completeMetrics(metrics, directory),
    migrations: resolve(directory, migrations),
    settlesWithinMs: settlesWithin,
    reset: reset === "restart" ? { kind: "restart" } : { kind: "post", path: reset.post },
  };
}

function parseYaml(path: string, text: string): unknown {
  try {
    // Warnings would be lines of their own beside the one that says what is wrong.
    return parse(text, { logLevel: "error" });
  } catch (error) {
    throw unreadable(
      path,
      error instanceof Error ? error.message.replaceAll("\n", " ") : String(error),
      error,
    );
  }
}

function unreadable(path: string, problem: string, cause: unknown): UsageError {
  return new UsageError({
    code: "bad-platform-definition",
    message: `Expected a platform definition in ${path}, got: ${problem}.`,
    nextStep: "docs/own-platform.md shows one, field by field.",
    cause,
  });
}
