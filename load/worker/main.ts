import { parentPort, workerData } from "node:worker_threads";
import { UnavailableError } from "../../core/index.ts";
import { judgeGenerator } from "../generator-health.ts";
import { createHttpClient } from "../http/http-client.ts";
import { startMetronome } from "../metronome/metronome.ts";
import { createWorkload } from "../workloads/create-workload.ts";
import type { Workload } from "../workloads/workload.ts";
import { LoadGenerator } from "./generator.ts";
import type { FromWorker, ToWorker, WorkerOptions } from "./messages.ts";
import { raisePriority } from "./raise-priority.ts";

/** The thread that generates a load. `start-load.ts` starts it; `messages.ts` defines its messages. */
if (parentPort === null) throw new TypeError("Expected to run as a worker thread, started by startLoad.");
const port = parentPort;

const TICK_MS = 250;
/**
 * Operations per message: the history of a long load is sent in parts, so that neither thread is blocked for
 * long.
 */
const OPERATIONS_PER_MESSAGE = 5_000;

const { plan, keyPrefix } = workerData as WorkerOptions;
const send = (message: FromWorker): void => port.postMessage(message);
const priorityRaised = raisePriority();
const metronomeStarting = startMetronome();
const client = createHttpClient(plan.baseUrl, plan.timeoutMs, plan.allowedHosts);
const workload = await makeWorkload();
let generator: LoadGenerator | undefined;
let ticker: NodeJS.Timeout | undefined;
let cpuAtStart = process.threadCpuUsage();

port.on("message", (message: ToWorker) => {
  if (message.type === "start") start(message);
  else if (message.type === "settle") void generator?.settle().then(() => send({ type: "settled" }));
  else void stop();
});

await workload?.prepare();
const metronome = await metronomeStarting;
if (workload === null) metronome.stop();
else send({ type: "ready" });

/** Null when they cannot be made, which was told. */
async function makeWorkload(): Promise<Workload | null> {
  try {
    return await createWorkload(plan, keyPrefix, client);
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    const { code, message, nextStep } = error;
    send({ type: "not-ready", code, message, nextStep });
    return null;
  }
}

function start({ startedAtEpochMs, startedAtOriginMs }: Extract<ToWorker, { readonly type: "start" }>): void {
  if (workload === null) throw new TypeError("Expected clients to start, got none.");
  cpuAtStart = process.threadCpuUsage();
  const started = new LoadGenerator({
    plan,
    workload,
    alarm: metronome,
    startedAtEpochMs,
    startedAtOriginMs,
    arrivalsEnded: () => send({ type: "arrivals-ended" }),
  });
  generator = started;
  ticker = setInterval(() => send({ type: "tick", tick: started.tick() }), TICK_MS);
}

async function stop(): Promise<void> {
  clearInterval(ticker);
  if (generator === undefined || workload === null) return;
  const used = process.threadCpuUsage(cpuAtStart);
  await generator.stop();
  send({ type: "tick", tick: generator.tick() });
  const { operations, lags } = generator;
  for (let from = 0; from < operations.length; from += OPERATIONS_PER_MESSAGE) {
    send({ type: "operations", operations: operations.slice(from, from + OPERATIONS_PER_MESSAGE) });
  }
  const dropped = operations.reduce((count, { outcome }) => count + (outcome === "dropped" ? 1 : 0), 0);
  const cpuMs = (used.user + used.system) / 1_000;
  send({
    type: "stopped",
    durationMs: generator.nowMs(),
    generator: judgeGenerator({ lags, maxLagMsP99: plan.maxLagMsP99, dropped, cpuMs, priorityRaised }),
    unmapped: generator.unmapped,
    unrecordedRequests: workload.unrecordedRequests(),
    quoteStream: workload.quoteStreamReport(),
  });
  metronome.stop();
}
