import { haproxyArmsOf, type LabCanary } from "../lab/index.ts";
import { NetworkError, readHaproxyShare } from "../network/index.ts";

/** The two arms of a lab with the share of the candidate, as lines for a person. */
export async function canaryLines(canary: LabCanary, signal: AbortSignal): Promise<readonly string[]> {
  const { front, clients, stable, candidate } = canary;
  const share = await readShare(canary, signal);
  const part =
    typeof share === "number" ? `${formatShare(share)} of the requests` : `an unknown share: ${share}`;
  return [
    `  stable        ${stable.urls.join(", ")}   ${stable.version}`,
    `  candidate     ${candidate.urls.join(", ")}   ${candidate.version}, gets ${part}`,
    `  balancer      ${front}   HAProxy, clients: ${clients}`,
  ];
}

/** The share that HAProxy's weights say, or why it is not known. */
export function readShare(canary: LabCanary, signal: AbortSignal): Promise<number | string> {
  return readHaproxyShare(haproxyArmsOf(canary), signal).catch((error: unknown) => {
    if (error instanceof NetworkError) return error.received;
    throw error;
  });
}

/** A share for display: `25 %`. */
export function formatShare(percent: number): string {
  return `${Number(percent.toFixed(2))} %`;
}
