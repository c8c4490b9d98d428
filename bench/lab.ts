import { fileURLToPath } from "node:url";
import { type Lab, labTemporaryDirectory, readPlatformDefinition, startLocalLab } from "../lab/index.ts";

const STARTS = 10;
const RESETS = 20;
/** Between two resets an experiment would run; its platform has settled by then. */
const PAUSE_MS = 500;
const SPARK = fileURLToPath(new URL("../platform/platform.yml", import.meta.url));

type PlatformDefinition = Awaited<ReturnType<typeof readPlatformDefinition>>;

function startLab(platform: PlatformDefinition): Promise<Lab> {
  const tape = process.env.KANIT_TAPE ?? "";
  return startLocalLab({
    platform,
    market: tape === "" ? { kind: "synthetic" } : { kind: "recording", path: tape },
    tapeSpeed: 1,
    seed: 1,
    linkPorts: {},
    platformEnvironment: {},
    logDirectory: null,
    temporaryDirectory: labTemporaryDirectory(process.env),
    signal: new AbortController().signal,
  });
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await action();
  return performance.now() - startMs;
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

/** How quick the lab is: ready, reset, stopped. */
export async function benchLab(): Promise<void> {
  const platform = await readPlatformDefinition(SPARK);
  // The first start fills the caches: an initialised database, compiled code.
  const cold = await timed(async () => {
    await using _lab = await startLab(platform);
  });
  const ready: number[] = [];
  const stop: number[] = [];
  for (let round = 0; round < STARTS; round++) {
    const startMs = performance.now();
    const lab = await startLab(platform);
    ready.push(performance.now() - startMs);
    stop.push(await timed(() => lab.stop()));
  }
  const reset: number[] = [];
  {
    await using lab = await startLab(platform);
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
