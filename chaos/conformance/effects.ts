import { CARRYING } from "./cases/carrying.ts";
import type { ConformanceCase } from "./cases/conformance-case.ts";
import { endingCases } from "./cases/ending.ts";
import { latencyCases } from "./cases/latency.ts";
import { liveChangeCases, RESET } from "./cases/live-change.ts";
import { pacingCases } from "./cases/pacing.ts";
import { STREAMS } from "./link-under-test.ts";

/**
 * Every effect that an engine compatible with Toxiproxy must have. Each case uses its own
 * links; `RESET` comes last.
 */
export const EFFECTS: readonly ConformanceCase[] = [
  ...CARRYING,
  ...STREAMS.flatMap((stream) => [
    ...latencyCases(stream),
    ...pacingCases(stream),
    ...endingCases(stream),
    ...liveChangeCases(stream),
  ]),
  RESET,
];
