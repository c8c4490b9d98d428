import { cpus, release } from "node:os";
import { BARE, type Engine, kanitEngine, toxiproxyEngine } from "./engine.ts";
import { measure, startBench } from "./measure.ts";
import { Table } from "./table.ts";
import { installToxiproxy } from "./toxiproxy-program.ts";

/**
 * The fault proxy's speed beside Shopify's server, on links without toxics. The engines take turns within one run, each
 * started afresh for every round, so that what else the machine does meets them alike: trust the ratios.
 */
export async function benchFaultProxy(rounds: number): Promise<void> {
  await using toxiproxy = await installToxiproxy();
  if (toxiproxy.kind === "missing") console.log(`toxiproxy is not measured: ${toxiproxy.why}`);
  const engines: Engine[] = [
    BARE,
    ...(toxiproxy.kind === "installed" ? [toxiproxyEngine(toxiproxy.path)] : []),
    kanitEngine(),
  ];
  await using bench = await startBench();
  for (const engine of engines) await warmUp(engine, bench.originPort);
  const table = new Table();
  for (let round = 0; round < rounds; round++) {
    for (const engine of engines) table.add(engine.name, await measure(bench, engine));
  }
  const [cpu] = cpus();
  console.log(`${cpus().length} × ${cpu?.model.trim()}, Linux ${release()}, Node ${process.version}`);
  console.log(`min / median / max of ${rounds} rounds; ahead: kanit's median against toxiproxy's`);
  const names = engines.map(({ name }) => name);
  console.log(table.lines(names, { ours: "kanit", theirs: "toxiproxy" }).join("\n"));
}

/** A first start fills the caches: compiled code, the program file's pages. */
async function warmUp(engine: Engine, originPort: number): Promise<void> {
  await using _started = await engine.start(originPort);
}
