import type { Engine } from "../engines/engine.ts";
import { CONTROL } from "./control.ts";
import { DECISIONS } from "./decisions.ts";
import { ENDINGS } from "./endings.ts";
import type { Improvement, Observation } from "./improvement.ts";
import { LEASES } from "./leases.ts";
import { UPSTREAMS } from "./upstreams.ts";

/** Every intended improvement: kanit's proxy must have each, and Toxiproxy's behavior is recorded. */
export const IMPROVEMENTS: readonly Improvement[] = [
  ...DECISIONS,
  ...ENDINGS,
  ...UPSTREAMS,
  ...CONTROL,
  ...LEASES,
];

/** Most of them only wait; running more at once would disturb those that measure. */
const AT_ONCE = 4;

/** The engine's behavior for each improvement, in order. */
export async function observeAll(engine: Engine): Promise<Observation[]> {
  const observations: Observation[] = [];
  const waiting = [...IMPROVEMENTS.entries()];
  const work = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [index, improvement] = next;
      observations[index] = await improvement.observe(engine);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return observations;
}
