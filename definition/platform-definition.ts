import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { ApiDefinition } from "../api/index.ts";
import { type DataPath, describeMistake, parseData, UsageError } from "../core/index.ts";
import type { Condition } from "../signals/index.ts";
import { readYaml } from "../syntax/index.ts";
import type { VenueName } from "../venues/index.ts";
import { DEFINITION_SCHEMA } from "./definition-schema.ts";
import { completeMetrics, type MetricsDefinition } from "./metrics-definition.ts";

/** How to run the platform under test: Spark's is platform/platform.yml, and a user's own takes its place. */
export interface PlatformDefinition {
  readonly name: string;
  /** The venues that it trades or quotes. It is told of no other, and nothing of another is asked of it. */
  readonly venues: readonly VenueName[];
  /** The symbols that it trades, or the variable by which it takes them, separated by commas. */
  readonly symbols: readonly string[] | { readonly variable: string };
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
  /** How its own timeouts are made shorter, to explore it faster; null: they cannot be. */
  readonly timeouts: ShorterTimeouts | null;
  readonly reset: { readonly kind: "post"; readonly path: string } | { readonly kind: "restart" };
  /** By what its clock can be stepped; null: by nothing. */
  readonly clock: "libfaketime" | null;
  readonly environment: Readonly<Record<string, string>>;
  /** What its own metrics must say when the load of a scenario has ended, besides what every platform's must. */
  readonly conditions: readonly Condition[];
  readonly ledger: LedgerQueries;
}

/** Shorter timeouts of a platform, and what holds with them. */
interface ShorterTimeouts {
  readonly environment: Readonly<Record<string, string>>;
  readonly settlesWithinMs: number;
  /** For how long a message may be held up before the platform may call it lost. */
  readonly outlastsMs: number;
}

/** How the platform's books are read: SQL queries whose columns platform/platform.yml shows. */
export interface LedgerQueries {
  readonly orders: string;
  readonly fills: string;
  readonly positions: string;
}

/** A definition, and where each part of it stands in its file. */
interface LocatedDefinition {
  readonly definition: PlatformDefinition;
  /** Counted from one; of what surrounds it, where there is no such part. */
  readonly placeOf: (path: DataPath) => { readonly line: number; readonly column: number };
}

/**
 * Reads a platform definition (docs/own-platform.md explains each field).
 *
 * @throws UsageError `bad-platform-definition` naming the file, and each mistake with its place in it.
 */
export async function readPlatformDefinition(path: string): Promise<PlatformDefinition> {
  return (await locatePlatformDefinition(path)).definition;
}

/**
 * Reads a platform definition with the places of its parts.
 *
 * @throws UsageError `bad-platform-definition`.
 */
export async function locatePlatformDefinition(path: string): Promise<LocatedDefinition> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw unreadable(`${path}: ${error instanceof Error ? error.message : String(error)}`, error);
  });
  const reading = readYaml(text);
  if (reading.kind === "unreadable") {
    const problems = reading.problems.map(({ place, problem }) => `${at(path, place)}: ${problem}`);
    throw unreadable(problems.join("; "), null);
  }
  const { data, placeOf } = reading.source;
  const parsed = parseData(DEFINITION_SCHEMA, data);
  if (parsed.kind === "mistakes") {
    const lines = parsed.mistakes
      .map((mistake) => ({ mistake, place: placeOf(mistake.path, mistake.at) }))
      .toSorted((one, other) => one.place.line - other.place.line || one.place.column - other.place.column)
      .map(({ mistake, place }) => `${at(path, place)}: ${describeMistake(mistake)}`);
    throw unreadable(lines.join("; "), null);
  }
  const { reset, migrations, settlesWithin, metrics, timeouts, ...rest } = parsed.value;
  const directory = dirname(resolve(path));
  const definition: PlatformDefinition = {
    ...rest,
    directory,
    metrics: await completeMetrics(metrics, directory),
    migrations: resolve(directory, migrations),
    settlesWithinMs: settlesWithin,
    timeouts:
      timeouts === null
        ? null
        : {
            environment: timeouts.environment,
            settlesWithinMs: timeouts.settlesWithin,
            outlastsMs: timeouts.outlasts,
          },
    reset: reset === "restart" ? { kind: "restart" } : { kind: "post", path: reset.post },
  };
  return { definition, placeOf: (part) => placeOf(part, "key") };
}

function at(path: string, { line, column }: { readonly line: number; readonly column: number }): string {
  return `${path}:${line}:${column}`;
}

function unreadable(problem: string, cause: unknown): UsageError {
  return new UsageError({
    code: "bad-platform-definition",
    message: `Expected a platform definition, got ${problem}${problem.endsWith("?") ? "" : "."}`,
    nextStep: "docs/own-platform.md shows one, field by field; `kanit schema platform` is for editors.",
    cause,
  });
}
