import { parentPort, workerData } from "node:worker_threads";
import type { FuzzJob, FuzzNews } from "./fuzz-in-threads.ts";
import { fuzzTargets } from "./fuzz-targets.ts";
import { runFuzz } from "./run-fuzz.ts";

// A thread that tries one target. Whoever started it sees in shared memory which case it tries, also when that blocks.
const { name, range, current } = workerData as FuzzJob;
const tell = (news: FuzzNews) => parentPort?.postMessage(news);
const number = new Int32Array(current);
for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, (error: unknown) => {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tell({ kind: "uncaught", number: Atomics.load(number, 0), what: what.slice(0, 4_000) });
  });
}
await using opened = await fuzzTargets();
const target = opened.targets.find((each) => each.name === name);
if (target === undefined) throw new TypeError(`Expected the name of a target, got ${name}.`);
const count = await runFuzz(target, range, {
  onCase: (each) => void Atomics.store(number, 0, each),
  onFinding: (finding) => tell({ kind: "finding", finding }),
});
tell({ kind: "done", count });
