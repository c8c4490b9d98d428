import { z } from "zod";
import { UsageError } from "../../core/index.ts";
import { HAPROXY_DEADLINE_MS, type HaproxyArms } from "../../network/index.ts";
import { CLIENT_MODES } from "./canary-options.ts";

const armSchema = z.object({
  /** The name of its server in HAProxy. */
  server: z.string(),
  /** The name of its process in the lab: what `kanit kill` takes. */
  process: z.string(),
  /** The arm itself, bypassing HAProxy: one address for each replica. */
  urls: z.array(z.string()),
  metrics: z.array(z.string()),
  /** What is different about it, for people. */
  version: z.string(),
});

/** A lab with two arms, as its record describes it. */
export const labCanarySchema = z.object({
  /** HAProxy before both arms, as `http://host:port`: what the lab's link `api` leads to. */
  front: z.string(),
  /** HAProxy's runtime API: `unix:///…`. */
  runtime: z.string(),
  backend: z.string(),
  clients: z.enum(CLIENT_MODES),
  stable: armSchema,
  candidate: armSchema,
});

/** The two arms of a lab and the HAProxy before them. */
export type LabCanary = z.output<typeof labCanarySchema>;

/** The arms of a lab as HAProxy's servers, for setting and reading the candidate's share. */
export function haproxyArmsOf({ runtime, backend, stable, candidate }: LabCanary): HaproxyArms {
  return {
    runtime: { address: new URL(runtime), allowedHosts: [], deadlineMs: HAPROXY_DEADLINE_MS },
    backend,
    stable: [stable.server],
    candidate: [candidate.server],
  };
}

/**
 * Returns the two arms of a lab, which is running here or known by its record.
 *
 * @throws UsageError `no-canary` when no candidate stands beside its platform.
 */
export function canaryOf({
  id,
  canary,
}: {
  readonly id: string;
  readonly canary: LabCanary | null;
}): LabCanary {
  if (canary !== null) return canary;
  throw new UsageError({
    code: "no-canary",
    message: `Expected a lab with a candidate beside its platform, but lab ${id} has none.`,
    nextStep: "Start one: kanit up --canary.",
  });
}
