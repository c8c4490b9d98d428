import { type Lab, startLocalLab } from "../lab/index.ts";
import { sparkLabOptions, timed } from "./spark-lab.ts";

const STARTS = 10;
const RESETS = 20;
/** Between two resets an experiment would run, during which the platform settles. */
const PAUSE_MS = 500;

async function startLab(): Promise<Lab> {
  return startLocalLab(await sparkLabOptions());
}

function show(name: string, limitMs: number, values: readonly number[]): void {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(0);
  console.log(
    `${name.padEnd(22)} ${at(0).padStart(6)} ${at(0.5).padStart(6)} ${at(1).padStart(6)} ms   ` +
      `${values.length} times${limitMs === 0 ? "" : `, aim ${limitMs} ms`}`,
  );
}

/** How fast the lab is: start, reset, stop. */
export async function benchLab(): Promise<void> {
  // The first start fills the caches: an initialized database, compiled code.
  const cold = await timed(async () => {
    await using _lab = await startLab();
  });
  const ready: number[] = [];
  const stop: number[] = [];
  for (let round = 0; round < STARTS; round++) {
    const startMs = performance.now();
    const lab = await startLab();
    ready.push(performance.now() - startMs);
    stop.push(await timed(() => lab.stop()));
  }
  const reset: number[] = [];
  {
    await using lab = await startLab();
    for (let round = 0; round < RESETS; round++) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      reset.push(await timed(() => lab.reset(round)));
    }
  }
  console.log(`${"".padEnd(22)}    min median    max`);
  show("lab ready, first", 0, [cold]);
  show("lab ready, caches warm", 1_500, ready);
  show("lab reset", 250, reset);
  show("lab stop", 0, stop);
}
