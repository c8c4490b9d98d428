import type { PlatformDefinition } from "../../definition/index.ts";

/**
 * How clients come to an arm: `spread`, each request by the weights; `cookie`, a client that keeps cookies stays at its
 * first arm; `source`, all requests of an address go to the same arm.
 */
export const CLIENT_MODES = ["spread", "cookie", "source"] as const;
export type ClientMode = (typeof CLIENT_MODES)[number];

/** The candidate beside the stable platform. */
export interface CanaryOptions {
  readonly candidate: PlatformDefinition;
  /** Its variables besides those of both arms: a planted defect. */
  readonly candidateEnvironment: Readonly<Record<string, string>>;
  /** What is different about it, for people: a defect, or the path of its definition. */
  readonly difference: string;
  /** Its part of the requests in the beginning and after a reset. */
  readonly sharePercent: number;
  readonly clients: ClientMode;
}
