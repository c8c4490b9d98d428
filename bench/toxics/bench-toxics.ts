import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { installGoProgram, TOXIPROXY_SERVER } from "../../chaos/index.ts";
import { type Engine, kanitEngine, toxiproxyEngine } from "../fault-proxy/engine.ts";
import { measureToxic, type ToxicFigures } from "./measure-toxic.ts";
import { TOXIC_CASES, type ToxicCase } from "./toxic-cases.ts";
import type { TransferResult, TransferTask } from "./traffic.ts";

const ORIGIN_MAIN = new URL("./origin-main.ts", import.meta.url);
const LOAD_MAIN = new URL("./load-main.ts", import.meta.url);

/**
 * Measures every toxic at extreme values, beside Toxiproxy's where it has one: the throughput, and how
 * long the control API, a lease and another link wait meanwhile. The engines alternate at each toxic, so
 * the ratios are reliable.
 */
export async function benchToxics(only: string): Promise<void> {
  const toxiproxy = await installGoProgram(TOXIPROXY_SERVER);
  if (toxiproxy.kind === "missing") console.log(`toxiproxy is not measured: ${toxiproxy.why}`);
  const [origin, load] = [fork(ORIGIN_MAIN), fork(LOAD_MAIN)];
  const [originPort] = (await once(origin, "message")) as [number];
  const transfer = async (task: TransferTask) => {
    load.send(task);
    return ((await once(load, "message")) as [TransferResult])[0];
  };
  console.log(HEAD);
  for (const toxicCase of TOXIC_CASES.filter(({ name }) => name.includes(only))) {
    const isBoth = toxicCase.isToxiproxys && toxiproxy.kind === "installed";
    const engines = [...(isBoth ? [toxiproxyEngine(toxiproxy.path)] : []), kanitEngine()];
    for (const engine of engines) console.log(await measureOne(engine, toxicCase, originPort, transfer));
  }
  await Promise.all([origin, load].map(end));
}

/** Each measurement uses a new process, so that earlier ones do not affect it. */
async function measureOne(
  engine: Engine,
  toxicCase: ToxicCase,
  originPort: number,
  transfer: (task: TransferTask) => Promise<TransferResult>,
): Promise<string> {
  await using started = await engine.start(originPort);
  const { pid } = started;
  if (pid === null) throw new Error(`expected ${engine.name} to be a process, got none`);
  const measured = { name: engine.name, started: { ...started, pid }, hasLeases: engine.name === "kanit" };
  return line(toxicCase, engine.name, await measureToxic(measured, toxicCase, originPort, transfer));
}

const COLUMNS = ["MB/s", "CPU s/MB", "control P99", "max ms", "other P99", "max ms", "lease"];
const HEAD = ["toxic".padEnd(24), "engine".padEnd(10), ...COLUMNS.map((name) => name.padStart(11))].join(" ");

function line({ name }: ToxicCase, engine: string, figures: ToxicFigures): string {
  const { transfer, control, otherLink, cpuSeconds, leaseHeld } = figures;
  const megabytes = transfer.bytes / 1e6;
  const cells = [
    (megabytes / transfer.seconds).toPrecision(3),
    megabytes === 0 ? "–" : (cpuSeconds / megabytes).toPrecision(2),
    control.p99Ms.toFixed(1),
    control.maxMs.toFixed(1),
    otherLink.p99Ms.toFixed(1),
    otherLink.maxMs.toFixed(1),
    leaseHeld === null ? "–" : leaseHeld ? "held" : "LOST",
  ];
  return [name.padEnd(24), engine.padEnd(10), ...cells.map((cell) => cell.padStart(11))].join(" ");
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.disconnect();
  await ended;
}
