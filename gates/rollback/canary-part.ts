import type { TrafficSplit } from "../canary/traffic/traffic-split.ts";

/** One of the two versions that run side by side. */
interface CanaryArm {
  /** Its replicas, past the balancer. */
  readonly urls: readonly URL[];
  /** Their metrics pages. */
  readonly metrics: readonly URL[];
}

/** How the version before comes back. */
type PreviousVersion =
  /** The stable arm runs it, and has to answer. */
  | { readonly kind: "stable-arm" }
  | { readonly kind: "command"; readonly line: string; readonly directory: string };

/** How trading stops on the canary's scope: over HTTP as Spark does it, or by a command. */
type CanaryStop =
  | {
      readonly kind: "http";
      /** The candidate's replicas, or the addresses of their switches. */
      readonly switches: readonly URL[];
    }
  /** The release file names none: a rehearsal says so, and a rollback goes without. */
  | { readonly kind: "none" }
  | { readonly kind: "command"; readonly line: string; readonly directory: string };

/** A canary as it stands: the two versions, and what divides the requests between them. */
export interface CanaryPart {
  /** Where users come in. */
  readonly front: URL;
  readonly healthPath: string;
  readonly stable: CanaryArm;
  readonly candidate: CanaryArm;
  readonly split: TrafficSplit;
  readonly stop: CanaryStop;
  readonly previousVersion: PreviousVersion;
}
