/** The two versions between which requests are divided. */
export type ArmName = "stable" | "candidate";

/** Where an arm's metrics are read: from its own pages, or from a Prometheus with the matchers of the arm's labels. */
export type ArmSource =
  | {
      readonly kind: "scrape";
      /** One page for each replica. */
      readonly metricsUrls: readonly URL[];
    }
  | {
      readonly kind: "prometheus";
      readonly url: URL;
      /** Label matchers without braces: `version="v1.4.0"`. */
      readonly match: string;
    };

/** Both arms, which are always compared at the same time. */
export interface CanaryArms {
  readonly stable: ArmSource;
  readonly candidate: ArmSource;
}

/** Returns where an arm is read, in one line, without credentials. */
export function describeArmSource(source: ArmSource): string {
  if (source.kind === "prometheus") return `{${source.match}} in ${addressOf(source.url)}`;
  return source.metricsUrls.map(addressOf).join(", ");
}

function addressOf({ origin, pathname }: URL): string {
  return pathname === "/" ? origin : `${origin}${pathname}`;
}
