import { z } from "zod";
import { type KanitError, UnavailableError, UsageError } from "../../core/index.ts";
import { apiBase, MAX_PAGE_BYTES, NetworkError, requestHttp } from "../../network/index.ts";
import { envelope, type successEnvelope } from "./prometheus-answer.ts";

/** One Prometheus with its address and settings. */
export class PrometheusApi {
  readonly address: string;
  readonly #base: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #allowedHosts: readonly string[];
  readonly #deadlineMs: number;
  readonly #onWarning: (warning: string) => void;

  constructor(
    text: string,
    allowedHosts: readonly string[],
    deadlineMs: number,
    onWarning: (warning: string) => void,
  ) {
    const base = apiBase(text);
    if (base === null) throw badUrl();
    this.#headers = base.headers;
    this.#base = base.url;
    this.#allowedHosts = allowedHosts;
    this.#deadlineMs = deadlineMs;
    this.#onWarning = onWarning;
    this.address = base.shown;
  }

  /** Sends one query; parameters are sent in the body, where a long expression has room. */
  async ask<Schema extends z.ZodType>(
    path: string,
    parameters: Readonly<Record<string, string>> | undefined,
    schema: Schema,
    signal: AbortSignal | undefined,
  ): Promise<z.output<Schema>> {
    const { status, text } = await this.#fetch(path, parameters, signal);
    const answer = envelope.safeParse(parseJson(text));
    if (!answer.success) throw this.#unexpected(`status ${status} and ${JSON.stringify(text.slice(0, 80))}`);
    if (answer.data.status === "error") throw this.#refused(answer.data.errorType, answer.data.error);
    if (status !== 200) throw this.#unexpected(`status ${status} with an answer`);
    for (const warning of warningsOf(answer.data)) this.#onWarning(warning);
    const data = schema.safeParse(answer.data.data);
    if (!data.success)
      throw this.#unexpected(z.prettifyError(data.error).replaceAll(/\s+/g, " "), data.error);
    return data.data;
  }

  async #fetch(
    path: string,
    parameters: Readonly<Record<string, string>> | undefined,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly status: number; readonly text: string }> {
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const question =
      parameters === undefined
        ? { headers: this.#headers }
        : {
            method: "POST",
            headers: { ...this.#headers, ...form },
            body: new URLSearchParams(parameters).toString(),
          };
    try {
      return await requestHttp(new URL(`api/v1/${path}`, this.#base), {
        ...question,
        redirects: "return",
        allowedHosts: this.#allowedHosts,
        deadlineMs: this.#deadlineMs,
        maxBodyBytes: MAX_PAGE_BYTES,
        signal: signal ?? null,
      });
    } catch (cause) {
      if (cause instanceof NetworkError) throw this.#unreachable(cause.received, cause);
      throw cause;
    }
  }

  #unreachable(got: string, cause: unknown): KanitError {
    return new UnavailableError({
      code: "prometheus-unreachable",
      message: `Expected Prometheus to answer at ${this.address}, got ${got}.`,
      nextStep: "Check the address and that Prometheus runs there.",
      cause,
    });
  }

  #unexpected(got: string, cause?: unknown): KanitError {
    return new UnavailableError({
      code: "prometheus-answer",
      message: `Expected Prometheus's HTTP API to answer at ${this.address}, got ${got}.`,
      nextStep: "Use the address of Prometheus itself, with its path if it has one: http://127.0.0.1:9090.",
      cause,
    });
  }

  /** A timeout or an internal failure is Prometheus's own problem; any other error is the query's. */
  #refused(errorType: string, error: string): KanitError {
    const reason = `${errorType}: ${error.replaceAll(/\s+/g, " ")}`;
    if (["timeout", "canceled", "unavailable", "internal"].includes(errorType)) {
      return this.#unreachable(reason, undefined);
    }
    return new UsageError({
      code: "prometheus-refused",
      message: `Expected Prometheus at ${this.address} to accept the query, got ${reason}.`,
      nextStep: "Correct the expression; it may need a newer Prometheus.",
    });
  }
}

function badUrl(): UsageError {
  return new UsageError({
    code: "bad-url",
    message: "Expected the address of a Prometheus, got something else.",
    nextStep: "Write it as http://127.0.0.1:9090 or https://prometheus.example.com/path.",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON is no envelope: the caller says what came instead.
    return undefined;
  }
}

/** The info that Prometheus had to correct the buckets that it computed with. */
const CORRECTED = /needed to be fixed/;

/** The warnings of an answer, and the infos that count as warnings. */
function warningsOf({ warnings, infos, isPartial }: z.output<typeof successEnvelope>): readonly string[] {
  const corrections = infos.filter((info) => CORRECTED.test(info));
  return [...warnings, ...corrections, ...(isPartial ? ["the answer is partial"] : [])];
}
