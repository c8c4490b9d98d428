import { parentPort } from "node:worker_threads";
import type { FuzzJob, FuzzNews } from "./fuzz-in-threads.ts";
import { fuzzTargets } from "./fuzz-targets.ts";
import { runFuzz } from "./run-fuzz.ts";

// A thread that tries targets. Whoever started it sees in shared memory which case it tries, also when that blocks.
const post = (news: FuzzNews) => parentPort?.postMessage(news);
for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, (error: unknown) => {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    post({ kind: "uncaught", what: what.slice(0, 4_000) });
  });
}
const { targets } = await fuzzTargets();
parentPort?.on("message", (job: FuzzJob) => void run(job));

async function run({ name, range, current }: FuzzJob): Promise<void> {
  const target = targets.find((each) => each.name === name);
  if (target === undefined) throw new TypeError(`Expected the name of a target, got ${name}.`);
  const number = new Int32Array(current);
  const count = await runFuzz(target, range, {
    onCase: (each) => void Atomics.store(number, 0, each),
    onFinding: (finding) => post({ kind: "finding", finding }),
  });
  post({ kind: "done", count });
}
