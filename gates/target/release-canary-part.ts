import type { ReleaseDefinition } from "../../definition/index.ts";
import { allowedUrl } from "../../network/index.ts";
import type { TrafficSplit } from "../canary/traffic/traffic-split.ts";
import type { CanaryPart } from "../rollback/canary-part.ts";

type ReleaseCanary = NonNullable<ReleaseDefinition["canary"]>;

const HTTP = ["http:", "https:"];

/**
 * The canary of a release file; null where the file describes none.
 *
 * @throws UsageError `bad-url`; RefusedError `host-not-allowed` for a host that the file does not allow.
 */
export function releaseCanaryPart(definition: ReleaseDefinition, split: TrafficSplit): CanaryPart | null {
  const { canary, allowHosts, health, directory } = definition;
  if (canary === null) return null;
  const web = (address: string) => new URL(allowedUrl(address, HTTP, allowHosts));
  const armOf = ({ url, source }: ReleaseCanary["stable"]) => ({
    urls: [web(url)],
    // A Prometheus is not asked here: what users have now is not what it scraped last.
    metrics: source.kind === "scrape" ? source.metrics.map(web) : [],
  });
  const { previousVersion, killSwitch } = canary.rollback;
  return {
    front: web(definition.url),
    healthPath: health,
    stable: armOf(canary.stable),
    candidate: armOf(canary.candidate),
    split,
    stop: stopOf(killSwitch, directory, web),
    previousVersion:
      previousVersion === null
        ? { kind: "stable-arm" }
        : { kind: "command", line: previousVersion, directory },
  };
}

function stopOf(
  killSwitch: ReleaseCanary["rollback"]["killSwitch"],
  directory: string,
  web: (address: string) => URL,
): CanaryPart["stop"] {
  if (killSwitch === null) return { kind: "none" };
  return killSwitch.kind === "url"
    ? { kind: "http", switches: [web(killSwitch.url)] }
    : { kind: "command", line: killSwitch.off, directory };
}
