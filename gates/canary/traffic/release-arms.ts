import type { ReleaseDefinition } from "../../../definition/index.ts";
import type { ArmSource, CanaryArms } from "../arm.ts";

/** Where the arms of a release are read, or null when its file has no canary. */
export function releaseArms({
  canary,
  prometheus,
}: Pick<ReleaseDefinition, "canary" | "prometheus">): CanaryArms | null {
  if (canary === null) return null;
  const sourceOf = ({ source }: typeof canary.stable): ArmSource =>
    source.kind === "scrape"
      ? { kind: "scrape", metricsUrls: source.metrics.map((each) => new URL(each)) }
      : // The file was refused where it has matchers but no Prometheus.
        { kind: "prometheus", url: new URL(prometheus?.url ?? ""), match: source.match };
  return { stable: sourceOf(canary.stable), candidate: sourceOf(canary.candidate) };
}
