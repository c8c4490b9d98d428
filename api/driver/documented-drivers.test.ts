import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { askOnce } from "../answer.ts";
import { API_SCHEMA } from "../api-definition.ts";
import type { OrderRequest } from "../question.ts";
import { DrivenApi } from "./driven-api.ts";
import { DRIVER_INPUT_FILE } from "./driver-program.ts";

const ORDER: OrderRequest = {
  ...{ venue: "binance", symbol: "BTCUSDT", side: "buy", type: "limit" },
  ...{ quantity: "0.01", price: "60000" },
};

/** The example of a driver in the page. */
async function exampleIn(page: string, name: string): Promise<string> {
  const text = await readFile(new URL(`../../docs/${page}`, import.meta.url), "utf8");
  const example = text.split(`<!-- example: ${name} -->\n`)[1]?.match(/^```\w+\n([\s\S]*?)^```$/m)?.[1];
  if (example === undefined) throw new Error(`Expected the example ${name} in docs/${page}, got none.`);
  return example;
}

/** A platform that accepts small orders, refuses large ones, and closes the connection on others. */
async function startTrades() {
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join("");
    const { quantity = "0", key = "" } = body === "" ? {} : JSON.parse(body);
    if (request.method === "GET")
      response.end(JSON.stringify({ ref: request.url?.split("/").at(-1), state: "DONE" }));
    else if (quantity === "lost") request.socket.destroy();
    else if (Number(quantity) > 1) response.writeHead(422).end(JSON.stringify({ code: "TOO_BIG" }));
    else response.writeHead(201).end(JSON.stringify({ ref: `ref-${key}`, state: "LIVE" }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: async () => void server.close() };
}

describe("the driver in Python of docs/driver.md", () => {
  it("places, is refused, looks up, and does not know", async ({ skip }) => {
    const found = promisify(execFile)("python3", ["-c", "import sys; print(sys.executable)"]);
    const python = (await found.catch(() => null))?.stdout.trim();
    if (python === undefined) return skip("needs python3");
    await using platform = await startTrades();
    const folder = await mkdtemp(join(tmpdir(), "kanit-driver-"));
    await writeFile(join(folder, "driver.py"), await exampleIn("driver.md", "driver.py"));
    const definition = API_SCHEMA.parse({
      driver: { command: [python, "driver.py"], startsWithin: "2m" },
      statuses: { open: ["LIVE"], filled: ["DONE"] },
      errors: { risk_block: ["TOO_BIG"] },
    });
    if (definition.driver === null) throw new TypeError("Expected a driver.");
    const command = `exec "$@" <&${DRIVER_INPUT_FILE}`;
    const api = await DrivenApi.open(
      definition,
      {
        command: ["/bin/sh", "-c", command, "driver", ...definition.driver.command],
        environment: { KANIT_API_URL: platform.url },
        ...{ workingDirectory: folder, logPath: null, secrets: [] },
      },
      20_000,
    );
    const place = (quantity: string) =>
      askOnce(api, { kind: "place", order: { ...ORDER, quantity }, key: quantity, account: null });
    const answers = await Promise.all([place("0.01"), place("2"), place("lost")]);
    const placed = { id: "ref-0.01", key: "0.01", order: ORDER };
    const query = await askOnce(api, { kind: "query", placed });
    await api.close();
    await rm(folder, { recursive: true });
    expect([...answers, query]).toMatchObject([
      { outcome: "succeeded", said: { id: "ref-0.01", status: "open" } },
      { outcome: "rejected", error: "risk_block" },
      { outcome: "unknown", unreadable: null },
      { outcome: "succeeded", said: { id: "ref-0.01", status: "filled" } },
    ]);
  });
});
