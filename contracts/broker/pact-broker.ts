import { z } from "zod";
import { EXIT_CODE, KanitError, UnavailableError, UsageError } from "../../core/index.ts";
import { NetworkError, requestHttp } from "../../network/index.ts";

/**
 * The address and credentials of a Pact Broker, in the environment variables of Pact's own tools:
 * `PACT_BROKER_BASE_URL`, `_TOKEN`, `_USERNAME`, `_PASSWORD`.
 */
export interface BrokerSettings {
  readonly baseUrl: string;
  readonly authentication:
    | { readonly kind: "none" }
    | { readonly kind: "token"; readonly token: string }
    | { readonly kind: "basic"; readonly username: string; readonly password: string };
  readonly timeoutMs: number;
}

/** One pact to publish. */
interface PublishedPact {
  readonly provider: string;
  /** The pact's file, unchanged. */
  readonly text: string;
}

/** What is published: pacts of one version of the consumer. */
export interface Publication {
  readonly consumer: string;
  readonly version: string;
  /** Null: the version is on no branch. */
  readonly branch: string | null;
  readonly pacts: readonly PublishedPact[];
}

/** Whether a version may be deployed; null: the broker does not know, because something was not verified. */
export interface Deployability {
  readonly deployable: boolean | null;
  readonly reason: string;
}

/** The version in question, and where it would be deployed. */
export interface Deployment {
  readonly pacticipant: string;
  readonly version: string;
  readonly environment: string;
}

const published = z.object({
  notices: z.array(z.object({ type: z.string(), text: z.string() })).default([]),
});
const deployability = z.object({
  summary: z.object({ deployable: z.boolean().nullable(), reason: z.string() }),
});

/** A Pact Broker, through its HTTP API (reference: the broker's own `/doc`, from 2.86 on). */
export class PactBroker {
  readonly #settings: BrokerSettings;

  constructor(settings: BrokerSettings) {
    this.#settings = settings;
  }

  /**
   * Publishes pacts, and returns the broker's answer.
   *
   * @throws KanitError `pact-conflict` (exit 1) when this version was published with other pacts.
   * @throws UnavailableError, UsageError like `#ask`.
   */
  async publish({ consumer, version, branch, pacts }: Publication): Promise<readonly string[]> {
    const answer = await this.#ask("POST", "/contracts/publish", {
      pacticipantName: consumer,
      pacticipantVersionNumber: version,
      ...(branch === null ? {} : { branch }),
      contracts: pacts.map(({ provider, text }) => ({
        consumerName: consumer,
        providerName: provider,
        specification: "pact",
        contentType: "application/json",
        content: Buffer.from(text).toString("base64"),
      })),
    });
    return this.#read(published, answer).notices.map(({ text }) => text);
  }

  /** Asks whether a version may be deployed. Throws UnavailableError, UsageError like `#ask`. */
  async canIDeploy({ pacticipant, version, environment }: Deployment): Promise<Deployability> {
    const query = new URLSearchParams({ pacticipant, version, environment });
    return this.#read(deployability, await this.#ask("GET", `/can-i-deploy?${query}`)).summary;
  }

  /**
   * @throws UnavailableError `broker-unreachable`, `broker-refused-credentials`, `broker-answer-unknown`;
   *   UsageError `broker-refused` with the broker's message for a malformed request or an unknown name.
   */
  async #ask(method: "GET" | "POST", path: string, body?: object): Promise<unknown> {
    const url = `${this.#settings.baseUrl.replace(/\/$/, "")}${path}`;
    const { status, text } = await this.#send(url, method, body);
    if (status >= 200 && status < 300) return jsonOf(text);
    const said = errorsIn(jsonOf(text)) || text.slice(0, 200).trim() || "nothing";
    const asked = `${method} ${new URL(url).pathname}`;
    if (status === 401 || status === 403) {
      throw new UnavailableError({
        code: "broker-refused-credentials",
        message: `Expected the Pact Broker to accept the credentials for ${asked}, got ${status}.`,
        nextStep: "Set PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD.",
      });
    }
    if (status === 409) {
      throw new KanitError({
        code: "pact-conflict",
        message: `Expected the Pact Broker to accept the pacts, got 409: ${said}.`,
        nextStep: "Publish changed pacts under a new version: --consumer-app-version.",
        exitCode: EXIT_CODE.fail,
      });
    }
    const message = `Expected the Pact Broker to answer ${asked} with 2xx, got ${status}: ${said}.`;
    if (status === 400 || status === 422) {
      throw new UsageError({
        code: "broker-refused",
        message,
        nextStep: "Correct the error that the broker reports.",
      });
    }
    throw new UnavailableError({
      code: "broker-answer-unknown",
      message,
      nextStep:
        status === 404
          ? "Check PACT_BROKER_BASE_URL and the names; publishing needs Pact Broker 2.86 or later."
          : "See the broker's log.",
    });
  }

  async #send(url: string, method: string, body?: object): Promise<{ status: number; text: string }> {
    const { timeoutMs } = this.#settings;
    try {
      // Naming a broker allows its host, but no other host that it redirects to.
      return await requestHttp(url, {
        method,
        headers: {
          accept: "application/hal+json, application/json",
          ...this.#authorization(),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        allowedHosts: [new URL(this.#settings.baseUrl).hostname],
        deadlineMs: timeoutMs,
      });
    } catch (cause) {
      if (!(cause instanceof NetworkError)) throw cause;
      const isLate = cause.code === "deadline-exceeded";
      throw new UnavailableError({
        code: "broker-unreachable",
        message: `Expected the Pact Broker to answer at ${new URL(url).origin}, got ${isLate ? `nothing in ${timeoutMs} ms` : cause.received}.`,
        nextStep: "Check PACT_BROKER_BASE_URL and whether the broker runs.",
        cause,
      });
    }
  }

  #authorization(): Readonly<Record<string, string>> {
    const { authentication } = this.#settings;
    switch (authentication.kind) {
      case "none":
        return {};
      case "token":
        return { authorization: `Bearer ${authentication.token}` };
      case "basic": {
        const pair = `${authentication.username}:${authentication.password}`;
        return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
      }
    }
  }

  #read<Shape>(schema: z.ZodType<Shape>, answer: unknown): Shape {
    const read = schema.safeParse(answer);
    if (read.success) return read.data;
    throw new UnavailableError({
      code: "broker-answer-unknown",
      message: `Expected the answer of a Pact Broker, got ${JSON.stringify(answer)?.slice(0, 200) ?? "no JSON"}.`,
      nextStep: "Check that PACT_BROKER_BASE_URL is a Pact Broker.",
    });
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A gateway in front of the broker answers in HTML, which the caller shows unchanged.
    return undefined;
  }
}

/**
 * The broker's message: `{"errors":{"version":["…"]}}`, `{"errors":["…"]}`, `{"error":{"message":"…"}}` or a
 * problem's detail.
 */
function errorsIn(body: unknown): string {
  if (typeof body !== "object" || body === null) return "";
  const { errors, error, detail, title } = body as Readonly<Record<string, unknown>>;
  return textsIn([errors ?? error ?? detail ?? title]).join("; ");
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
