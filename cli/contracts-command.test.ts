import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { WebSocketServer } from "ws";
import { type CommandLine, openCommandLine } from "./testing/command-line.ts";

let kanit: CommandLine;
beforeAll(async () => {
  kanit = await openCommandLine();
});
afterAll(() => kanit[Symbol.asyncDispose]());

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("kanit contracts verify", () => {
  it("verifies the stubs, with a line for each venue", async () => {
    const { exitCode, stdout, stderr } = await kanit.run(["contracts", "verify"]);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^PASS binance-spot \d\d interactions\nPASS btcturk \d\d interactions\n$/);
    expect(exitCode).toBe(0);
  });

  it("lists another venue's violations, one per line, and what could not be verified", async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end('{"serverTime":"noon"}');
    });
    const args = ["contracts", "verify", "--provider", "binance-spot", "--provider-url", url];
    const { exitCode, stdout } = await kanit.run(args);
    const lines = stdout.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^FAIL binance-spot \d+ of \d\d interactions violated$/);
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^ {2}a question about the time: \$\.serverTime: expected 1700000000000, received "?noon/,
      ),
    );
    expect(lines).toContainEqual(
      '  not verified: a limit order that will rest: "no order has been placed" needs a control API',
    );
    expect(exitCode).toBe(1);
  });

  it("shows Pact's own text when it is asked to", async () => {
    const { stdout } = await kanit.run(["contracts", "verify", "--provider", "btcturk", "--verbose"]);
    expect(stdout).toContain("returns a response which");
    expect(stdout).toMatch(/^PASS btcturk \d\d interactions$/m);
  });

  it.each([
    [
      "a host that nobody allowed",
      ["--provider", "btcturk", "--provider-url", "https://api.example.com"],
      77,
    ],
    ["a venue without a pact", ["--provider", "kraken"], 64],
    ["an address without its provider", ["--provider-url", "http://127.0.0.1:9"], 64],
    ["a venue that is not there", ["--provider", "btcturk", "--provider-url", "http://127.0.0.1:9"], 69],
  ])("refuses %s in one line", async (_, flags, exitCode) => {
    const ended = await kanit.run(["contracts", "verify", ...flags]);
    expect(ended).toMatchObject({ exitCode, stdout: "" });
    expect(ended.stderr).toMatch(/^kanit: [^\n]+\n$/);
  });
});

describe("kanit contracts with a Pact Broker", () => {
  const ask = (url: string, ...words: string[]) =>
    kanit.run(["contracts", ...words], { PACT_BROKER_BASE_URL: url, PACT_BROKER_TOKEN: "a-t0ken" });

  it("publishes both pacts", async () => {
    let body = "";
    const url = await serve((request, response) => {
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        response.writeHead(200, { "content-type": "application/hal+json" });
        response.end('{"notices":[{"type":"success","text":"Created spark version v1.4.0"}]}');
      });
    });
    const ended = await ask(url, "publish", "--consumer-app-version", "v1.4.0", "--branch", "main");
    expect(ended).toEqual({
      exitCode: 0,
      stdout: "published spark v1.4.0: pacts with binance-spot, btcturk\n  Created spark version v1.4.0\n",
      stderr: "",
    });
    const { branch, contracts } = JSON.parse(body);
    expect(branch).toBe("main");
    const providers = contracts.map(
      ({ content }: { content: string }) =>
        JSON.parse(Buffer.from(content, "base64").toString()).provider.name,
    );
    expect(providers).toEqual(["binance-spot", "btcturk"]);
  });

  it.each([
    [true, "YES", 0],
    [false, "NO", 1],
    [null, "UNKNOWN", 2],
  ])(
    "says whether a version may be deployed: %s is %s and ends with %i",
    async (deployable, word, exitCode) => {
      const url = await serve((_, response) => {
        response.end(JSON.stringify({ summary: { deployable, reason: "The reason" } }));
      });
      const ended = await ask(url, "can-i-deploy", "--version", "v1", "--to-environment", "production");
      expect(ended).toEqual({
        exitCode,
        stdout: `${word} spark v1 to production\n  The reason\n`,
        stderr: "",
      });
    },
  );

  it("reports in one line when the broker refuses the credentials", async () => {
    const url = await serve((_, response) => {
      response.writeHead(401).end();
    });
    const ended = await ask(url, "can-i-deploy", "--version", "v1", "--to-environment", "production");
    expect(ended).toMatchObject({ exitCode: 69, stdout: "" });
    expect(ended.stderr).toMatch(/^kanit: [^\n]*got 401[^\n]*PACT_BROKER_TOKEN[^\n]*\n$/);
    expect(ended.stderr).not.toContain("t0ken");
  });
});

describe("kanit record", () => {
  it("records what a venue sends, and prints the path", async () => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    onTestFinished(() => {
      server.close();
    });
    server.on("connection", (socket) => socket.send('[991,{"type":991}]'));
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const out = join(kanit.temporaryDirectory, "tapes");
    const ended = await kanit.run([
      "record",
      "btcturk",
      "--url",
      `ws://127.0.0.1:${port}`,
      "--seconds",
      "1",
      "--out",
      out,
    ]);
    expect(ended).toMatchObject({ exitCode: 0, stderr: "" });
    expect(ended.stdout).toMatch(/^recorded 1 frames to .*tapes\/frames\.jsonl\n$/);
  });

  it.each([
    ["the venue's own host, unless it is allowed by name", ["binance"], 77],
    ["a venue that it does not know", ["kraken"], 64],
    ["symbols that are none", ["btcturk", "--url", "ws://127.0.0.1:9", "--symbols", "BTC/USDT"], 64],
  ])("refuses %s", async (_, words, exitCode) => {
    const out = join(kanit.temporaryDirectory, "refused");
    const ended = await kanit.run(["record", ...words, "--out", out]);
    expect(ended).toMatchObject({ exitCode, stdout: "" });
    expect(ended.stderr).toMatch(/^kanit: [^\n]+\n$/);
  });
});
