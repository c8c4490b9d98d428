import { cpuSeconds } from "../fault-proxy/process-figures.ts";
import type { Table } from "../fault-proxy/table.ts";
import type { LoadResult } from "./load-task.ts";
import { type Load, startConstant, startStub } from "./processes.ts";

const CONNECTIONS = 16;
/** The number of requests to each server before anything is measured, so that its code is compiled. */
const WARM_UPS = 30_000;
const ROUND_WARM_UPS = 200;
const ORDERS = 4_000;
const MICROSECONDS = 1_000_000;

/** A filled order's answer, as the stub writes it, for the constant server. */
const ANSWER = JSON.stringify({
  ...{ symbol: "BTCUSDT", orderId: 28_496_703_341, orderListId: -1, clientOrderId: "x".repeat(22) },
  ...{ transactTime: 1_700_000_000_000, price: "0.00000000", origQty: "0.00010000" },
  ...{ executedQty: "0.00010000", origQuoteOrderQty: "0.00000000", cummulativeQuoteQty: "6.00000000" },
  ...{ status: "FILLED", timeInForce: "GTC", type: "MARKET", side: "BUY", workingTime: 1_700_000_000_000 },
  fills: [
    {
      ...{ price: "60000.00000000", qty: "0.00010000", commission: "0.00000010", commissionAsset: "BTC" },
      tradeId: 6_000_000_000,
    },
  ],
  selfTradePreventionMode: "EXPIRE_MAKER",
});

/**
 * Orders through REST: signed, checked, matched, acknowledged. For comparison: Node's HTTP server with the
 * same requests and a constant answer of the same length. Both run through all rounds and alternate.
 */
export async function measureOrders(load: Load, table: Table, rounds: number): Promise<void> {
  await using constant = await startConstant(ANSWER);
  await using stub = await startStub({ "tape-speed": "1" });
  const engines = [
    { name: "bare", pid: constant.pid, port: constant.port },
    { name: "kanit", pid: stub.pid, port: stub.restPort },
  ];
  for (const { port } of engines) await send(load, port, WARM_UPS, 1);
  for (let round = 0; round < rounds; round++) {
    for (const { name, pid, port } of engines) {
      const cpuBefore = await cpuSeconds(pid);
      const { seconds, count } = await send(load, port, ROUND_WARM_UPS, ORDERS);
      if (count !== ORDERS) throw new Error(`expected ${ORDERS} filled orders of ${name}, got ${count}`);
      const cpuMicroseconds = ((await cpuSeconds(pid)) - cpuBefore) * MICROSECONDS;
      table.add(name, [
        { name: "orders", unit: "1/s", better: "more", value: ORDERS / seconds },
        {
          name: "processor per order",
          unit: "µs",
          better: "less",
          value: cpuMicroseconds / (ORDERS + ROUND_WARM_UPS),
        },
      ]);
    }
  }
}

function send(load: Load, port: number, warmUps: number, count: number): Promise<LoadResult> {
  return load.run({ kind: "orders", port, connections: CONNECTIONS, warmUps, count });
}
