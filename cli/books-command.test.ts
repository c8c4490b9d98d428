import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listLabs, openStateDirectory } from "../lab/index.ts";
import { postgresClient } from "../network/index.ts";
import { type CommandLine, openCommandLine } from "./testing/command-line.ts";

const PATIENCE_MS = 180_000;

let kanit: CommandLine;
let api = "";
let databaseUrl = "";
beforeAll(async () => {
  kanit = await openCommandLine();
  await kanit.start(["up", "--tape", "synthetic"]).until(/Ctrl-C stops it/);
  const [lab] = await listLabs((await openStateDirectory(kanit.temporaryDirectory)).labs);
  if (lab?.addresses == null) return expect.fail("no lab");
  ({ api, databaseUrl } = lab.addresses);
}, PATIENCE_MS);
afterAll(async () => {
  await kanit[Symbol.asyncDispose]();
}, PATIENCE_MS);

async function order(): Promise<number> {
  const response = await fetch(`${api}/api/orders`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": crypto.randomUUID() },
    body: JSON.stringify({
      ...{ venue: "binance", symbol: "BTCUSDT", side: "buy", type: "market", quantity: "0.001" },
    }),
  });
  await response.body?.cancel();
  return response.status;
}

async function alter(statement: string): Promise<void> {
  const client = postgresClient(databaseUrl, { connectionTimeoutMillis: 5_000 });
  await client.connect();
  await client.query(statement);
  await client.end();
}

describe("the books of a lab that was played with by hand", { timeout: PATIENCE_MS }, () => {
  it("are inconclusive while there are none, because no data is never a pass", async () => {
    const { exitCode, stdout } = await kanit.run(["books"]);
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/\? fills-agree: no /);
    expect(stdout).toMatch(/not judged: .*one-order-per-key.*what clients asked/);
    expect(stdout).toContain("INCONCLUSIVE  the books of lab ");
  });

  it("pass when the platform's agree with the venues', and exit with the verdict", async () => {
    await expect.poll(order, { timeout: 15_000 }).toBe(201);
    const { exitCode, stdout } = await kanit.run(["books"]);
    expect(stdout).toMatch(/✓ no-duplicate-orders: 1 of 1 venue order/);
    expect(stdout).toContain("PASS  the books of lab ");
    expect(exitCode).toBe(0);
  });

  it("fail when a row is wrong, and name it, for programs too", async () => {
    await alter("UPDATE positions SET quantity = quantity + 1");
    const { exitCode, stdout } = await kanit.run(["books", "--json"]);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ command: "books", verdict: "fail", exitCode: 1, error: null },
      result: {
        checks: expect.arrayContaining([
          expect.objectContaining({ name: "positions-agree", verdict: "fail" }),
        ]),
      },
    });
  });
});
