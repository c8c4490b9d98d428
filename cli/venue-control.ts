import { z } from "zod";
import { UnavailableError, UsageError } from "../core/index.ts";
import { NetworkError, requestHttp, withoutCredentials } from "../network/index.ts";

const DEADLINE_MS = 5_000;

const misbehavior = z.object({
  name: z.string(),
  description: z.string(),
  occasion: z.string(),
  frequency: z.union([z.literal("off"), z.record(z.string(), z.number())]),
  options: z.record(z.string(), z.unknown()),
  bites: z.number(),
  expiresInMs: z.number().nullable(),
});
const status = z.object({
  tape: z.enum(["playing", "paused"]),
  openOrders: z.number().optional(),
  trades: z.number().optional(),
  session: z.string().optional(),
  misbehaviors: z.array(misbehavior),
});
const refusal = z.object({ message: z.string(), nextStep: z.string() });

export type MisbehaviorStatus = z.infer<typeof misbehavior>;
export type VenueStatus = z.infer<typeof status>;

/** A client of a lab's venue control API, with the calls that `kanit venue` needs. */
export class VenueControl {
  readonly #base: string;
  readonly #signal: AbortSignal;

  constructor(controlUrl: string, signal: AbortSignal) {
    this.#base = controlUrl;
    this.#signal = signal;
  }

  async status(venue: string): Promise<VenueStatus> {
    return status.parse(await this.#ask("GET", `/venues/${encodeURIComponent(venue)}`));
  }

  /** Enables a misbehavior. `how` has its frequency, its duration and its own options. */
  async misbehave(venue: string, name: string, how: object): Promise<MisbehaviorStatus> {
    return misbehavior.parse(await this.#ask("PUT", misbehaviorPath(venue, name), how));
  }

  /** Disables one misbehavior, or all of them, and returns those that were disabled. */
  async behave(venue: string, name: string | undefined): Promise<readonly MisbehaviorStatus[]> {
    const answer = await this.#ask("DELETE", misbehaviorPath(venue, name));
    return name === undefined ? z.array(misbehavior).parse(answer) : [misbehavior.parse(answer)];
  }

  /** Changes to a phase of the trading session, or plays the whole day. */
  async session(venue: string, change: object): Promise<string> {
    const answer = await this.#ask("PUT", `/venues/${encodeURIComponent(venue)}/session`, change);
    return z.object({ phase: z.string() }).parse(answer).phase;
  }

  /** Pauses or resumes the market recording. It feeds all venues. */
  async tape(command: "pause" | "resume"): Promise<void> {
    await this.#ask("POST", `/${command}`);
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const response = await requestHttp(this.#base + path, {
      method,
      body: body === undefined ? null : JSON.stringify(body),
      headers: body === undefined ? {} : { "content-type": "application/json" },
      deadlineMs: DEADLINE_MS,
      signal: this.#signal,
    }).catch((cause: unknown) => {
      if (!(cause instanceof NetworkError)) throw cause;
      throw unreachable(`${this.#base}${path}`, cause.received, cause);
    });
    const answer = jsonOf(response.text) ?? { status: response.status };
    if (response.ok) return answer;
    const refused = refusal.safeParse(answer);
    if (response.status >= 500 || !refused.success) {
      throw unreachable(`${this.#base}${path}`, `HTTP ${response.status}`);
    }
    throw new UsageError({ code: "venue-refused", ...refused.data });
  }
}

/** Returns undefined when the text is not JSON, such as the error page of another server. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function misbehaviorPath(venue: string, name: string | undefined): string {
  const all = `/venues/${encodeURIComponent(venue)}/misbehaviors`;
  return name === undefined ? all : `${all}/${encodeURIComponent(name)}`;
}

function unreachable(url: string, received: string, cause?: unknown): UnavailableError {
  return new UnavailableError({
    code: "venue-control-unreachable",
    message: `Expected the exchanges' control API to answer at ${withoutCredentials(url)}, got ${received}.`,
    nextStep: "See whether the lab still runs: kanit status.",
    cause,
  });
}
