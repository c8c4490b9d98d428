import { haproxyArmsOf, type LabCanary } from "../../lab/index.ts";
import { haproxyTraffic } from "../canary/traffic/haproxy-traffic.ts";
import type { CanaryPart } from "../rollback/canary-part.ts";

/** The canary of a lab: its stable arm runs the version before. */
export function labCanaryPart(canary: LabCanary, healthPath: string): CanaryPart {
  const armOf = ({ urls, metrics }: LabCanary["stable"]) => ({
    urls: urls.map((url) => new URL(url)),
    metrics: metrics.map((url) => new URL(url)),
  });
  const candidate = armOf(canary.candidate);
  return {
    front: new URL(canary.front),
    healthPath,
    stable: armOf(canary.stable),
    candidate,
    split: haproxyTraffic(haproxyArmsOf(canary)),
    stop: { kind: "http", switches: candidate.urls },
    previousVersion: { kind: "stable-arm" },
  };
}
