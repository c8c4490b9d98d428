import { cpus, release } from "node:os";
import { installGoProgram, TOXIPROXY_SERVER } from "../../chaos/index.ts";
import { BARE, type Engine, kanitEngine, type StartedEngine, toxiproxyEngine } from "./engine.ts";
import { type Bench, MEASUREMENTS, startBench } from "./measure.ts";
import { Table } from "./table.ts";

/**
 * Measures the fault proxy beside Shopify's server, on links without toxics. The engines are started again
 * for every round and alternate at each measurement, so that other load affects both alike: the ratios are
 * reliable.
 */
export async function benchFaultProxy(rounds: number): Promise<void> {
  const toxiproxy = await installGoProgram(TOXIPROXY_SERVER);
  if (toxiproxy.kind === "missing") console.log(`toxiproxy is not measured: ${toxiproxy.why}`);
  const engines: Engine[] = [
    BARE,
    ...(toxiproxy.kind === "installed" ? [toxiproxyEngine(toxiproxy.path)] : []),
    kanitEngine(),
  ];
  await using bench = await startBench();
  for (const engine of engines) await warmUp(engine, bench.originPort);
  const table = new Table();
  for (let round = 0; round < rounds; round++) await measureRound(bench, engines, table);
  const [cpu] = cpus();
  console.log(`${cpus().length} × ${cpu?.model.trim()}, Linux ${release()}, Node ${process.version}`);
  console.log(`min / median / max of ${rounds} rounds; ahead: kanit's median against toxiproxy's`);
  const names = engines.map(({ name }) => name);
  console.log(table.lines(names, { ours: "kanit", theirs: "toxiproxy" }).join("\n"));
}

async function measureRound(bench: Bench, engines: readonly Engine[], table: Table): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const running: [Engine, StartedEngine][] = [];
  for (const engine of engines) running.push([engine, stack.use(await engine.start(bench.originPort))]);
  for (const measure of MEASUREMENTS) {
    for (const [{ name }, started] of running) table.add(name, await measure(bench, started));
  }
}

/** A first start fills the caches: compiled code, the program file's pages. */
async function warmUp(engine: Engine, originPort: number): Promise<void> {
  await using _started = await engine.start(originPort);
}
