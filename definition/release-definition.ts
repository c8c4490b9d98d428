import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { describeMistake, parseData, UsageError } from "../core/index.ts";
import { type DatabaseTls, TLS_MODES } from "../network/index.ts";
import { readYaml } from "../syntax/index.ts";
import { canarySectionSchema, completeCanarySection, type ReleaseCanary } from "./canary-section.ts";

/** An address, or the name of the environment variable that has it, since addresses carry passwords. */
const address = z.union([z.string().min(1), z.strictObject({ env: z.string().regex(/^[A-Za-z_]\w*$/) })]);
const path = z.string().startsWith("/");

const schema = z.strictObject({
  url: z.string().min(1).describe("the address of the platform under release"),
  metrics: path.default("/metrics").describe("the path of its metrics page"),
  health: path.default("/api/healthz").describe("the path of its health check"),
  database: address.optional().describe("Postgres itself, not through a pooler: postgresql://user@host/name"),
  pgbouncer: z
    .strictObject({
      console: address.describe("the admin console: postgresql://user@host:6432/pgbouncer"),
      poolMode: z
        .enum(["session", "transaction", "statement"])
        .describe("the mode that the platform relies on"),
    })
    .optional(),
  tls: z
    .strictObject({
      mode: z
        .enum(TLS_MODES)
        .describe("how connections to database and pgBouncer are encrypted, as libpq's sslmode"),
      ca: z.string().min(1).optional().describe("the file with the certificate of the authority"),
    })
    .optional(),
  lab: z
    .strictObject({
      platform: z
        .string()
        .min(1)
        .describe("the platform.yml of what is released; experiments that write are made with it, in a lab"),
      previous: z
        .string()
        .min(1)
        .optional()
        .describe("the platform.yml of the version before: it is started beside, on the same database"),
    })
    .optional(),
  prometheus: z
    .strictObject({
      url: address,
      targets: z.array(z.string().min(1)).min(1).describe("the jobs that must be scraped"),
      rules: z
        .string()
        .min(1)
        .optional()
        .describe("the rule file whose triggers it must have; by default kanit's twenty"),
    })
    .optional(),
  alertmanager: address.optional(),
  recovery: z
    .strictObject({
      pointSeconds: z.number().min(0).describe("how much may be lost, in seconds of commits"),
      timeSeconds: z.number().positive().describe("how long a restore may take, in seconds"),
    })
    .optional()
    .describe("by what `kanit database drill` judges the recovery point and the recovery time"),
  migrations: z.string().min(1).optional().describe("the folder of the migrations, as Prisma has them"),
  repository: z.string().min(1).default(".").describe("the folder of the repository that is released"),
  features: z
    .strictObject({
      path: path.default("/api/features/status"),
      defaults: z.record(z.string(), z.boolean()).describe("each flag with the value that it must have"),
    })
    .optional(),
  venueClocks: z
    .record(z.string(), z.url())
    .default({})
    .describe("by venue: the address that answers with its time, as serverTime or serverUnixTime"),
  venueMarkets: z
    .record(z.string(), z.url())
    .default({})
    .describe("by venue: the address that lists its symbols with their status"),
  venueStreams: z
    .record(z.string(), z.url())
    .default({})
    .describe("by venue: the WebSocket of its public feed, for spot checks of the contracts"),
  logs: z.array(z.string().min(1)).default([]).describe("the platform's logs: files, and folders of *.log"),
  canary: canarySectionSchema.optional().describe("both arms, how the traffic is split, and the way back"),
  allowHosts: z.array(z.string().min(1)).default([]).describe("hosts besides this machine that may be asked"),
  evidence: z.string().min(1).optional().describe("the folder of the evidence"),
  keys: z.string().min(1).optional().describe("the folder of the public keys of those who may sign"),
  owners: z.array(z.string().min(1)).default([]).describe("who signs, by the names of their keys"),
  deployer: z.string().min(1).optional().describe("who deploys; by default the user who runs the command"),
});

/** What is released, as `release.yml` says it: read, checked and completed. Null: the file leaves it out. */
export interface ReleaseDefinition {
  /** The file's own folder: paths start there. */
  readonly directory: string;
  readonly url: string;
  readonly metrics: string;
  readonly health: string;
  readonly database: string | null;
  readonly pgbouncer: { readonly console: string; readonly poolMode: PoolMode } | null;
  /** Null: as each address says itself. */
  readonly tls: DatabaseTls | null;
  /** The platform with which experiments that write are made; null: none are made. */
  readonly lab: { readonly platform: string; readonly previous: string | null } | null;
  readonly prometheus: {
    readonly url: string;
    readonly targets: readonly string[];
    readonly rules: string | null;
  } | null;
  readonly alertmanager: string | null;
  readonly recovery: { readonly pointSeconds: number; readonly timeSeconds: number } | null;
  readonly migrations: string | null;
  readonly repository: string;
  readonly features: { readonly path: string; readonly defaults: Readonly<Record<string, boolean>> } | null;
  readonly venueClocks: Readonly<Record<string, string>>;
  readonly venueMarkets: Readonly<Record<string, string>>;
  readonly venueStreams: Readonly<Record<string, string>>;
  readonly logs: readonly string[];
  readonly canary: ReleaseCanary | null;
  readonly allowHosts: readonly string[];
  readonly evidence: string | null;
  readonly keys: string | null;
  readonly owners: readonly string[];
  readonly deployer: string | null;
}

/** How pgBouncer hands out its connections. */
export type PoolMode = "session" | "transaction" | "statement";

/** The schema of `release.yml` for editors, as JSON Schema (draft 7, which those for YAML read). */
export function releaseJsonSchema(): unknown {
  const json = z.toJSONSchema(schema, { io: "input", target: "draft-7" });
  return { ...json, title: "A release as kanit checks it", $id: "release.schema.json" };
}

/**
 * Reads a release definition (docs/release/RELEASE_FILE.md explains each field).
 *
 * @param variable Reads an environment variable that the file names; its value must then be a secret of the command.
 * @throws UsageError `bad-release-definition`, with a line for each mistake.
 */
export async function readReleaseDefinition(
  file: string,
  variable: (name: string) => string | undefined,
): Promise<ReleaseDefinition> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw unreadable(file, [error instanceof Error ? error.message : String(error)], error);
  });
  const reading = readYaml(text);
  if (reading.kind === "unreadable") {
    throw unreadable(
      file,
      reading.problems.map(({ place, problem }) => `${file}:${place.line}:${place.column} ${problem}`),
    );
  }
  const { data, placeOf } = reading.source;
  const parsed = parseData(schema, data);
  if (parsed.kind === "mistakes") {
    throw unreadable(
      file,
      parsed.mistakes.map((mistake) => {
        const { line, column } = placeOf(mistake.path, mistake.at);
        return `${file}:${line}:${column} ${describeMistake(mistake)}`;
      }),
    );
  }
  return complete(file, parsed.value, variable);
}

function complete(
  file: string,
  value: z.output<typeof schema>,
  variable: (name: string) => string | undefined,
): ReleaseDefinition {
  const directory = dirname(resolve(file));
  const inFolder = (path: string | undefined) => (path === undefined ? null : resolve(directory, path));
  const addressOf = (given: z.output<typeof address> | undefined): string | null => {
    if (given === undefined || typeof given === "string") return given ?? null;
    const found = variable(given.env);
    if (found !== undefined && found !== "") return found;
    throw unreadable(file, [`${file}: expected the environment variable ${given.env}, but it is not set`]);
  };
  const { pgbouncer, prometheus } = value;
  return {
    ...value,
    directory,
    database: addressOf(value.database),
    pgbouncer: pgbouncer === undefined ? null : { ...pgbouncer, console: addressOf(pgbouncer.console) ?? "" },
    prometheus:
      prometheus === undefined
        ? null
        : {
            ...prometheus,
            url: addressOf(prometheus.url) ?? "",
            rules: inFolder(prometheus.rules),
          },
    tls: value.tls === undefined ? null : { mode: value.tls.mode, ca: inFolder(value.tls.ca) },
    lab:
      value.lab === undefined
        ? null
        : { platform: resolve(directory, value.lab.platform), previous: inFolder(value.lab.previous) },
    alertmanager: addressOf(value.alertmanager),
    recovery: value.recovery ?? null,
    migrations: inFolder(value.migrations),
    repository: resolve(directory, value.repository),
    features: value.features ?? null,
    logs: value.logs.map((path) => resolve(directory, path)),
    canary: value.canary === undefined ? null : canaryOf(file, value.canary, value.prometheus !== undefined),
    evidence: inFolder(value.evidence),
    keys: inFolder(value.keys),
    deployer: value.deployer ?? null,
  };
}

function canaryOf(
  file: string,
  section: NonNullable<z.output<typeof schema>["canary"]>,
  hasPrometheus: boolean,
): ReleaseCanary {
  const canary = completeCanarySection(section);
  const isAsked = [canary.stable, canary.candidate].some(({ source }) => source.kind === "prometheus");
  if (!isAsked || hasPrometheus) return canary;
  throw unreadable(file, [`${file}: canary: expected the section prometheus beside match, got none`]);
}

function unreadable(file: string, lines: readonly string[], cause?: unknown): UsageError {
  return new UsageError({
    code: "bad-release-definition",
    message: `Expected a release definition in ${file}, got: ${lines[0] ?? ""}.`.replaceAll(/\s*\n\s*/g, " "),
    nextStep: "docs/release/RELEASE_FILE.md shows one; `kanit schema release` prints its schema for editors.",
    lines: lines.slice(1),
    cause,
  });
}
