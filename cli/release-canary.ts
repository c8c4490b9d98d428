import { systemClock } from "../core/index.ts";
import type { ReleaseDefinition } from "../definition/index.ts";
import {
  type CanaryPart,
  openRequestMeter,
  releaseArms,
  releaseCanaryPart,
  releaseTraffic,
} from "../gates/index.ts";
import type { CommandContext } from "./context.ts";

const MANUAL = { clock: systemClock, intervalMs: 5_000, longestMs: 1_800_000 } as const;

/** The canary of a release file; null where the file describes none. */
export interface OpenedReleaseCanary extends AsyncDisposable {
  readonly part: CanaryPart | null;
}

/** Opens what splits the traffic of a release. Only where a person does so, both arms are measured meanwhile. */
export async function openReleaseCanary(
  definition: ReleaseDefinition,
  { output }: CommandContext,
): Promise<OpenedReleaseCanary> {
  const { canary, allowHosts: allowedHosts, directory } = definition;
  const arms = releaseArms(definition);
  if (canary === null || arms === null) return { part: null, [Symbol.asyncDispose]: () => Promise.resolve() };
  const meter =
    canary.traffic.kind === "manual"
      ? await openRequestMeter(arms, { allowedHosts, clock: systemClock })
      : null;
  const measure = async (signal: AbortSignal) => {
    const measured = await meter?.read(signal);
    return measured?.kind === "measured" ? measured.requests : null;
  };
  const manual = { ...MANUAL, measure, ask: (text: string) => output.line(text) };
  const split = releaseTraffic(canary.traffic, { directory, allowedHosts, manual });
  return {
    part: releaseCanaryPart(definition, split),
    [Symbol.asyncDispose]: async () => {
      await meter?.[Symbol.asyncDispose]();
    },
  };
}
