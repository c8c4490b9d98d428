import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const MAIN = join(import.meta.dirname, "..", "main.ts");
const TOKEN = "token-of-this-test-0000";
const KEY = "key-of-this-test-000000";

let child: ReturnType<typeof start>;
let control = "";
function start() {
  const env = { KANIT_CONTROL_TOKEN: TOKEN, STUB_BINANCE_API_KEY: KEY };
  return spawn(process.execPath, [MAIN], { env, stdio: ["ignore", "pipe", "inherit"] });
}
beforeAll(async () => {
  child = start();
  const [line] = await once(child.stdout, "data");
  control = JSON.parse(String(line)).control;
});
afterAll(() => child.kill("SIGKILL"));

async function ask(method: string, path: string, authorization?: string) {
  const answer = await fetch(control + path, {
    method,
    headers: authorization === undefined ? {} : { authorization },
  });
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself which shape it expects
  return { status: answer.status, body: (await answer.json()) as any };
}

describe("stubs that were given a token", () => {
  it.each([
    ["POST", "/reset"],
    ["POST", "/pause"],
    ["POST", "/resume"],
    ["GET", "/books"],
    ["GET", "/venues/binance"],
    ["GET", "/venues/binance/balances"],
    ["PUT", "/venues/binance/misbehaviors/ack-lost"],
    ["DELETE", "/venues/binance/misbehaviors"],
    ["GET", "/venues/bist/session"],
    ["GET", "/nowhere"],
  ])("refuse %s %s without it", async (method, path) => {
    for (const authorization of [undefined, "Bearer guessed"]) {
      const { status, body } = await ask(method, path, authorization);
      expect([status, body.error]).toEqual([401, "control-request-refused"]);
      expect(body.message).toMatch(/token of this control API .*, got (none|another one)\.$/);
    }
  });

  it("go on playing then, as whoever shows it learns", async () => {
    const { status, body } = await ask("GET", "/venues/binance", `Bearer ${TOKEN}`);
    expect([status, body.tape]).toEqual([200, "playing"]);
    const basic = `Basic ${Buffer.from(`kanit:${TOKEN}`).toString("base64")}`;
    expect((await ask("POST", "/reset", basic)).status).toBe(200);
  });

  it("say to health checks that they are there", async () => {
    expect((await ask("GET", "/health")).status).toBe(200);
  });

  it.skipIf(process.platform !== "linux")("have neither token nor key among their arguments", async () => {
    const args = await readFile(`/proc/${child.pid}/cmdline`, "utf8");
    expect(args).toContain("main.ts");
    for (const secret of [TOKEN, KEY]) expect(args).not.toContain(secret);
  });
});

it("the stubs' program refuses a token that is as good as none", async () => {
  const env = { KANIT_CONTROL_TOKEN: "" };
  const refused = spawn(process.execPath, [MAIN], { env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  refused.stderr.on("data", (chunk) => {
    said += chunk;
  });
  expect((await once(refused, "close"))[0]).toBe(64);
  expect(said.trim().split("\n")).toHaveLength(1);
  expect(said).toContain("KANIT_CONTROL_TOKEN");
});
