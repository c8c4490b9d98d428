import type { Clock } from "../../../core/index.ts";
import { CANARY_SIGNALS, queriesOf, REQUESTS, STARTS } from "../judge/canary-signal.ts";
import type { ArmReader } from "./arm-reader.ts";
import { instanceOf, type Snapshot } from "./counter-growth.ts";

/** Every selector that is read at each look. */
const SELECTORS: readonly string[] = [...new Set([REQUESTS, ...CANARY_SIGNALS.flatMap(queriesOf)])];

/** Reads all that the judge needs of an arm, now. */
export async function takeSnapshot(reader: ArmReader, clock: Clock, signal: AbortSignal): Promise<Snapshot> {
  const atMs = clock.nowMs();
  const [starts, ...answers] = await Promise.all(
    [STARTS, ...SELECTORS].map((each) => reader.read(each, atMs, signal)),
  );
  const series = Object.fromEntries(
    SELECTORS.map((selector, index) => [
      selector,
      answers[index] ?? ({ kind: "unknown", why: `${selector} was not read` } as const),
    ]),
  );
  const processes = starts?.kind === "measured" ? starts.value : [];
  return { atMs, series, starts: new Map(processes.map(({ labels, value }) => [instanceOf(labels), value])) };
}
