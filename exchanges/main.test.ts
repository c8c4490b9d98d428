import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { VENUE_LINKS } from "../venues/index.ts";
import { TestSocket } from "./testing/socket.ts";

const MAIN = join(import.meta.dirname, "main.ts");
const SNAPSHOT = '1723161253937085768 {"lastUpdateId":1,"bids":[],"asks":[]}\n';
const FRAME = '1723161253937085768 {"stream":"btcusdt@depth@100ms","data":';
const children: ChildProcess[] = [];
const folders: string[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function start(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  return child;
}

async function ended(...args: string[]): Promise<{ code: number; stderr: string }> {
  const child = start(...args);
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  return { code, stderr };
}

function fileWith(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), "kanit-tape-"));
  folders.push(folder);
  const path = join(folder, "tape.jsonl");
  writeFileSync(path, content);
  return path;
}

/** The first of so many free ports in a row, below those that the system gives to other tests meanwhile. */
async function freePortsInARow(count: number): Promise<number> {
  for (let first = 20_000 + (process.pid % 1_000) * 10; first + count < 32_000; first += count)
    if (await areFree(first, count)) return first;
  throw new Error(`Expected ${count} free ports in a row below 32,000.`);
}

async function areFree(first: number, count: number): Promise<boolean> {
  for (let port = first; port < first + count; port++) {
    const probe = createServer().listen(port, "127.0.0.1");
    const isFree = await once(probe, "listening").then(
      () => true,
      () => false,
    );
    probe.close();
    if (!isFree) return false;
  }
  return true;
}

describe("the exchanges process", () => {
  it("prints one line when it listens, serves, and ends cleanly on SIGTERM", async () => {
    const child = start("--seed", "3");
    const stdout = text(child.stdout);
    const [line] = await once(child.stdout, "data");
    const listening = JSON.parse(String(line));
    expect(listening).toMatchObject({
      event: "listening",
      binance: { restPort: expect.any(Number), wsPort: expect.any(Number) },
      btcturk: { restPort: expect.any(Number), wsPort: expect.any(Number) },
      bist: { wsPort: expect.any(Number) },
    });
    const health = await fetch(`${listening.control}/health`);
    expect(health.status).toBe(200);
    child.kill("SIGTERM");
    const [code] = await once(child, "exit");
    expect(code).toBe(0);
    expect((await stdout).trimEnd().split("\n")).toHaveLength(1);
  });

  it("survives every message that no client should send", async () => {
    const child = start();
    const stderr = text(child.stderr);
    const [line] = await once(child.stdout, "data");
    const { control, binance, btcturk, bist } = JSON.parse(String(line));
    const deep = "[".repeat(9_000) + "]".repeat(9_000);
    const messages = [
      '{"method":{"toString":1}}',
      `{"method":${deep}}`,
      `{"id":1,"method":"depth","params":{"symbol":${deep}}}`,
      '{"id":1,"method":"depth","params":{"symbol":{"toString":1}}}',
      '{"method":"userDataStream.subscribe.signature","params":{"apiKey":"kanit-binance-key","timestamp":1,"signature":"\\ud800"}}',
    ];
    const paths = [`${binance.wsPort}/ws`, `${binance.wsPort}/ws-api/v3`, btcturk.wsPort, bist.wsPort];
    for (const path of paths) {
      await using socket = await TestSocket.open(`ws://127.0.0.1:${path}`);
      for (const message of messages.slice(0, 5)) socket.send(message);
      const ended = Promise.race([once(socket.socket, "pong"), once(socket.socket, "close")]);
      socket.socket.ping();
      await ended;
    }
    expect((await fetch(`${control}/health`)).status).toBe(200);
    child.kill("SIGTERM");
    const [code] = await once(child, "exit");
    expect([code, await stderr]).toEqual([0, ""]);
  });

  it("reports in one line which port is taken, for HTTP and for WebSockets", async () => {
    const firstPort = await freePortsInARow(VENUE_LINKS.length + 1);
    for (let port = firstPort; port <= firstPort + VENUE_LINKS.length; port++) {
      const holder = createServer().listen(port, "127.0.0.1");
      await once(holder, "listening");
      const { code, stderr } = await ended("--first-port", String(firstPort));
      holder.close();
      expect([code, stderr.trimEnd().split("\n").length]).toEqual([69, 1]);
      expect(stderr).toContain(`127.0.0.1:${port}`);
    }
  });

  it("ends with 69 and reports a missing tape", async () => {
    const { code, stderr } = await ended("--tape", "/nowhere/tape.gz");
    expect(code).toBe(69);
    expect(stderr).toMatch(/^kanit: Expected a market recording at \/nowhere\/tape\.gz.*\n$/);
  });

  it.each([
    ["is of another format", "hello\n", /line 1 of tape\.jsonl/],
    ["has a frame that is no JSON", `${SNAPSHOT}${FRAME}{"e":}}\n`, /depth frame of BTCUSDT at frame 1/],
  ])("ends with 64 and names the line when the tape %s", async (_, content, message) => {
    const { code, stderr } = await ended("--tape", fileWith(content));
    expect(code).toBe(64);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  it("ends with 64 and lists the valid flags when one is unknown", async () => {
    const { code, stderr } = await ended("--nonsense");
    expect(code).toBe(64);
    expect(stderr).toMatch(/Known are seed, tape/);
  });
});
