import { mkdtemp, rm } from "node:fs/promises";
import { cpus, release, tmpdir } from "node:os";
import { join } from "node:path";
import { Table } from "../fault-proxy/table.ts";
import { captureBurst } from "./burst-tape.ts";
import { type FanOut, measureFanOut } from "./fan-out.ts";
import { measureOrders } from "./orders.ts";
import { startLoad } from "./processes.ts";
import { measureReplay } from "./replay.ts";

const FAN_OUTS: readonly FanOut[] = [
  { listeners: 20, frames: 10_000 },
  { listeners: 1_000, frames: 300 },
];

/**
 * Measures the exchange stubs relative to the same servers without their work: orders through REST beside a
 * constant answer, frames to subscribers beside bare `ws`. Both alternate within one run, so the ratios are
 * reliable. Also measures how much faster than real time a recording can be replayed.
 */
export async function benchExchanges(rounds: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "kanit-bench-"));
  try {
    await using load = startLoad();
    const table = new Table();
    await measureOrders(load, table, rounds);
    const burst = await captureBurst(Math.max(...FAN_OUTS.map(({ frames }) => frames)));
    for (let round = 0; round < rounds; round++) {
      for (const fanOut of FAN_OUTS) await measureFanOut(load, table, { burst, fanOut, folder });
    }
    const factors = (await measureReplay(load, rounds)).toSorted((one, other) => one - other);
    const [cpu] = cpus();
    console.log(`${cpus().length} × ${cpu?.model.trim()}, Linux ${release()}, Node ${process.version}`);
    console.log(`min / median / max of ${rounds} rounds; ahead: kanit's median against the bare server's`);
    console.log(table.lines(["bare", "kanit"], { ours: "kanit", theirs: "bare" }).join("\n"));
    console.log("aims: orders 0.60x, frames 0.80x, replay 200 times real time");
    console.log(
      factors.length === 0
        ? "replay is not measured: no recording beside this checkout"
        : `replay of a recording, times real time: ${factors.map((factor) => factor.toFixed(0)).join(" / ")}`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
