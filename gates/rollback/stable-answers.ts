import { UnavailableError } from "../../core/index.ts";
import { NetworkError, pathOn, requestHttp } from "../../network/index.ts";

/** The replicas of the stable version, and how they are asked. */
export interface StableReplicas {
  readonly urls: readonly URL[];
  readonly healthPath: string;
  readonly allowedHosts: readonly string[];
}

const DEADLINE_MS = 3_000;

/**
 * Makes sure that the stable version is there to take all requests, and returns what shows it. A rollback to what does
 * not answer would take the service from everybody.
 *
 * @throws UnavailableError `stable-away` when a replica does not answer its health check with a 2xx.
 */
export async function requireStable(
  { urls, healthPath, allowedHosts }: StableReplicas,
  signal: AbortSignal,
): Promise<string> {
  const answers = await Promise.all(
    urls.map(async (url) => {
      const asked = pathOn(url, healthPath);
      try {
        const { ok, status } = await requestHttp(asked, { signal, allowedHosts, deadlineMs: DEADLINE_MS });
        return ok ? null : `${asked.origin}: status ${status}`;
      } catch (error) {
        if (error instanceof NetworkError) return `${asked.origin}: ${error.received}`;
        throw error;
      }
    }),
  );
  const away = answers.filter((answer) => answer !== null);
  if (urls.length > 0 && away.length === 0)
    return `${urls.length} of ${urls.length} replicas of stable answer`;
  throw new UnavailableError({
    code: "stable-away",
    message: `Expected each replica of the stable version to answer its health check, got: ${away[0] ?? "no replica"}.`,
    nextStep: "Bring the stable version up first: all requests are to go there.",
  });
}
