import { z } from "zod";
import { UnavailableError } from "../../core/index.ts";
import { apiBase, MAX_PAGE_BYTES, requestHttp } from "../../network/index.ts";
import { type AlertRoutes, readRoutes } from "./alert-routes.ts";
import { type LabelMatcher, labelMatcher } from "./label-matcher.ts";

const DEADLINE_MS = 5_000;
const statusShape = z.object({ config: z.object({ original: z.string() }) });
const silencesShape = z.array(
  z.object({
    id: z.string(),
    status: z.object({ state: z.enum(["active", "pending", "expired"]) }),
    matchers: z.array(
      z.object({
        name: z.string(),
        value: z.string(),
        isRegex: z.boolean(),
        isEqual: z.boolean().default(true),
      }),
    ),
    comment: z.string().default(""),
    createdBy: z.string().default(""),
  }),
);

/** A silence that holds now. */
interface Silence {
  readonly matchers: readonly LabelMatcher[];
  /** Who made it, and why. */
  readonly description: string;
}

/** What an Alertmanager does with alerts now. */
export interface AlertmanagerState {
  readonly routes: AlertRoutes;
  readonly silences: readonly Silence[];
}

/** How to ask an Alertmanager. */
export interface AlertmanagerOptions {
  readonly url: string;
  readonly allowedHosts: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Asks an Alertmanager (API v2) for its routes and its silences.
 *
 * @throws UnavailableError `alertmanager-answer`; NetworkError.
 */
export async function readAlertmanager(options: AlertmanagerOptions): Promise<AlertmanagerState> {
  const [status, silences] = await Promise.all([
    ask("api/v2/status", statusShape, options),
    ask("api/v2/silences", silencesShape, options),
  ]);
  return {
    routes: readRoutes(status.config.original),
    silences: silences
      .filter((silence) => silence.status.state === "active")
      .map(({ id, matchers, comment, createdBy }) => ({
        matchers: matchers.map(({ name, value, isRegex, isEqual }) =>
          labelMatcher(name, isRegex ? (isEqual ? "=~" : "!~") : isEqual ? "=" : "!=", value),
        ),
        description: `${id.slice(0, 8)} by ${createdBy === "" ? "nobody" : createdBy}: ${comment}`,
      })),
  };
}

async function ask<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  { url, allowedHosts, signal }: AlertmanagerOptions,
): Promise<z.output<Schema>> {
  const base = apiBase(url);
  if (base === null) throw new TypeError("Expected an address that was checked.");
  const { status, text } = await requestHttp(new URL(path, base.url), {
    ...{ headers: base.headers, redirects: "return", allowedHosts, signal },
    ...{ deadlineMs: DEADLINE_MS, maxBodyBytes: MAX_PAGE_BYTES },
  });
  const parsed = schema.safeParse(parseJson(text));
  if (status === 200 && parsed.success) return parsed.data;
  throw new UnavailableError({
    code: "alertmanager-answer",
    message: `Expected Alertmanager's API at ${base.shown}, got status ${status} and ${JSON.stringify(text.slice(0, 80))}.`,
    nextStep: "Check the address of alertmanager in release.yml, and that its API v2 answers there.",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // `undefined` is no JSON value, so the schema refuses it.
    return undefined;
  }
}
