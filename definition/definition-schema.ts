import { z } from "zod";
import { API_SCHEMA } from "../api/index.ts";
import { editorSchema, parseDurationMs } from "../core/index.ts";
import { CONDITION_SCHEMA } from "../signals/index.ts";
import { tradingAmong, VENUE_NAMES } from "../venues/index.ts";
import { METRICS_SCHEMA } from "./metrics-definition.ts";
import { platformNameSchema } from "./platform-name.ts";

const programSchema = z.tuple([z.string().min(1)], z.string());

const venues = z
  .array(z.enum(VENUE_NAMES))
  .refine((names) => new Set(names).size === names.length, "expected each venue once")
  .refine((names) => tradingAmong(names).length > 0, "expected at least one venue that takes orders");

const symbolName = z.string().regex(/^[A-Z0-9]{1,20}$/);
/** In ms. */
const duration = z.string().transform((text, context) => {
  try {
    return parseDurationMs(text);
  } catch {
    const message = "Expected a duration such as 250ms, 30s or 1h30m";
    context.addIssue({ code: "custom", message, input: text });
    return z.NEVER;
  }
});

const timeouts = z
  .strictObject({
    environment: z
      .record(z.string(), z.string())
      .default({})
      .describe("the variables by which it takes shorter timeouts"),
    settlesWithin: duration.describe(
      "how long every outcome may take with them, in place of `settlesWithin`",
    ),
    outlasts: duration.describe(
      "for how long a message may be held up on its way before the platform may call it lost",
    ),
  })
  .nullable()
  .default(null);

/** A platform's definition as its file has it. */
export const DEFINITION_SCHEMA = z.strictObject({
  name: platformNameSchema.describe(
    "what reports and logs call it: up to 63 letters, digits, `-` and `_`, and none of the lab's own names, such as `postgres` or `proxy`",
  ),
  venues: venues.describe(
    "those of [the venues](venues.md) that it trades or quotes, at least one that takes orders. It is given the variables of these alone; links, load, books and feed ages of others are left out",
  ),
  symbols: z
    .union([
      z.array(symbolName).min(1).readonly(),
      z.strictObject({ variable: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/) }),
    ])
    .default(["BTCUSDT"])
    .describe(
      "what it trades at crypto venues, by the venues' names; the load trades the first. `{ variable: NAME }`: it takes them by this variable, separated by commas, and then trades what a recording is of",
    ),
  start: programSchema.describe("the program and its arguments, run in the file's folder"),
  migrate: programSchema.describe(
    "brings the empty database in `DATABASE_URL` up to date; run once, its result is kept",
  ),
  migrations: z
    .string()
    .describe("the file or folder that `migrate` applies: when it changes, the database is initialized anew"),
  listens: z
    .enum(["announced", "on-port"])
    .describe(
      '`on-port`: listens on `HOST` and `PORT`. `announced`: takes any port and prints `{"event":"listening","url":"http://…"}` as its first line',
    ),
  health: z
    .string()
    .startsWith("/")
    .describe(
      "answers 2xx when the platform can serve, and nothing like it while it cannot, such as without its database; the lab is ready then",
    ),
  metrics: METRICS_SCHEMA.describe(
    "where Prometheus's text format is served, and what of it has other names or is missing: see [its metrics](#its-metrics)",
  ),
  conditions: z
    .array(CONDITION_SCHEMA)
    .readonly()
    .default([])
    .describe("what its own metrics must say at the end of every scenario"),
  api: API_SCHEMA.describe(
    "how its API is spoken: see [its API](#its-api); or [a driver](driver.md), a program of yours that speaks it",
  ),
  settlesWithin: duration.describe(
    "how long after the load every order's outcome must be known: leases, graces and retries together",
  ),
  timeouts: timeouts.describe(
    "its own timeouts made shorter, for `kanit explore`, which then carries out an experiment in about a second: see [the explorer](explorer.md). Absent: it is explored as it is, more slowly",
  ),
  reset: z
    .union([z.strictObject({ post: z.string().startsWith("/") }), z.literal("restart")])
    .describe(
      "`{ post: /path }` forgets everything in memory and opens new connections; `restart`: the lab restarts the process",
    ),
  clock: z
    .enum(["libfaketime"])
    .nullable()
    .default(null)
    .describe(
      "`libfaketime`: it takes the time from the C library, as Node, Python and Java do, so that libfaketime can step its clock for the fault `clock-step`; absent for a program that asks the kernel itself, such as one in Go",
    ),
  environment: z.record(z.string(), z.string()).default({}).describe("more variables for it"),
  ledger: z
    .strictObject({ orders: z.string(), fills: z.string(), positions: z.string() })
    .describe(
      "three SQL queries that read its books; the invariants compare them with the venues' own (see below)",
    ),
});

/** The schema of platform definitions for editors. */
export function platformJsonSchema(): unknown {
  return editorSchema(DEFINITION_SCHEMA, "The definition of a platform for kanit", "platform.schema.json");
}

const PART = /(<!-- fields -->\n)[\s\S]*(<!-- \/fields -->)/;

/** `docs/own-platform.md`: its table of fields comes from the schema, which editors show too. */
export function documentDefinition(current: string): string {
  const rows = Object.entries(DEFINITION_SCHEMA.shape).map(
    ([name, field]) => `| \`${name}\` | ${field.description ?? ""} |`,
  );
  const table = ["| field | meaning |", "|---|---|", ...rows].join("\n");
  return current.replace(PART, (_, open: string, close: string) => `${open}${table}\n${close}`);
}
