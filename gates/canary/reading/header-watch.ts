import { type Clock, KanitError } from "../../../core/index.ts";
import type { CanaryTriggerRecord } from "../../../evidence/index.ts";
import { type HttpAnswer, requestHttp } from "../../../network/index.ts";
import type { WatchedTriggers } from "./watched-triggers.ts";

/** The start page of each arm, past the balancer. */
export interface ArmPages {
  readonly stable: URL;
  readonly candidate: URL;
}

const NAME = "SecurityHeadersLost";
const DEADLINE_MS = 5_000;
/** What browsers need to protect a user. Without a policy they report no violation either. */
const SECURITY_HEADERS = [
  "content-security-policy",
  "strict-transport-security",
  "x-content-type-options",
  "x-frame-options",
  "referrer-policy",
  "cross-origin-opener-policy",
  "cross-origin-embedder-policy",
  "cross-origin-resource-policy",
];
const POLICY = "content-security-policy";
const UNSAFE = ["'unsafe-inline'", "'unsafe-eval'"];

/**
 * Watches what no counter shows: a header that protects users, which the stable's start page has and the candidate's
 * has not. The page is asked for once in each stage, so that hardly a request is added to those of users.
 */
export function watchHeaders(options: {
  readonly pages: ArmPages;
  readonly allowedHosts: readonly string[];
  readonly clock: Clock;
}): WatchedTriggers {
  const { pages, allowedHosts, clock } = options;
  let firedAt: string | null = null;
  let isAsked = false;
  const ask = (page: URL, signal: AbortSignal) =>
    requestHttp(page, { allowedHosts, deadlineMs: DEADLINE_MS, redirects: "return", signal });
  const stateNow = async (signal: AbortSignal): Promise<CanaryTriggerRecord["state"]> => {
    if (firedAt !== null) return "firing";
    if (isAsked) return "inactive";
    try {
      const [stable, candidate] = await Promise.all([
        ask(pages.stable, signal),
        ask(pages.candidate, signal),
      ]);
      if (stable.status !== candidate.status || stable.status >= 500) return "no-data";
      isAsked = true;
      if (lostHeaders(stable, candidate).length === 0) return "inactive";
      firedAt = new Date(clock.nowMs()).toISOString();
      return "firing";
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof KanitError)) throw error;
      return "no-data";
    }
  };
  return {
    states: async (signal) => [{ name: NAME, state: await stateNow(signal), firedAt }],
    forget: async () => {
      isAsked = false;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** The headers that protect users and that only the stable sends, and what only the candidate's policy allows. */
export function lostHeaders(
  { headers: stable }: Pick<HttpAnswer, "headers">,
  { headers: candidate }: Pick<HttpAnswer, "headers">,
): readonly string[] {
  const lost = SECURITY_HEADERS.filter((name) => stable[name] !== undefined && candidate[name] === undefined);
  const policyOf = (headers: HttpAnswer["headers"]) => String(headers[POLICY] ?? "");
  const unsafe = UNSAFE.filter(
    (word) => policyOf(candidate).includes(word) && !policyOf(stable).includes(word),
  );
  return [...lost, ...unsafe];
}
