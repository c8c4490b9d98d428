import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandLine, openCommandLine } from "./testing/command-line.ts";

let kanit: CommandLine;
let url = "";
let status = 200;
const server = http.createServer((_request, response) => {
  response.statusCode = status;
  response.end("{}");
});
beforeAll(async () => {
  kanit = await openCommandLine();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await kanit[Symbol.asyncDispose]();
  server.closeAllConnections();
  server.close();
});

describe("kanit load", () => {
  it("passes on a server that answers, and shows what it measured", async () => {
    status = 200;
    // The objective is generous, because the machine may be busy.
    const words = `load --url ${url} --path /x --rate 100 --for 1s --objective-ms 5000`;
    const { exitCode, stdout, stderr } = await kanit.run(words.split(" "));
    // When the machine delayed the generator, the command says so and is inconclusive.
    expect(stdout, stderr).toMatch(
      exitCode === 2 ? /INCONCLUSIVE {2}100 .* late at P99/s : /^PASS {2}100 operations/,
    );
    expect(stdout).toContain("100 succeeded");
    expect(stdout).toMatch(/P95/);
  });

  it("starts operations at recorded times", async () => {
    status = 200;
    const file = join(kanit.temporaryDirectory, "arrivals.csv");
    await writeFile(file, "at_ms\n0\n5\n5\n90\n");
    const { stdout } = await kanit.run(["load", "run", "--url", url, "--path", "/x", "--arrivals", file]);
    // Four operations are too few for a 95th percentile.
    expect(stdout).toMatch(/^INCONCLUSIVE {2}4 operations/);
    expect(stdout).toContain("4 succeeded");
  });

  it("does not pass on a server that fails", async () => {
    status = 500;
    const words = `load --url ${url} --path /x --spike 20-200 --for 1s --objective-ms 5000`;
    const { exitCode, stdout } = await kanit.run(words.split(" "));
    expect([1, 2]).toContain(exitCode);
    expect(stdout).toContain("56 failed");
  });
});

describe.concurrent("kanit load refuses invalid input in one line:", () => {
  it.for([
    ["load --url http://example.com", 77, "--allow-host example.com"],
    ["load k6 --url http://example.com", 77, "--allow-host example.com"],
    ["load saturate --url http://example.com", 77, "--allow-host example.com"],
    ["load", 64, "there is none"],
    ["load --url ftp://127.0.0.1", 64, "Write it as http://"],
    ["load --url http://127.0.0.1:1/orders", 64, "--path /orders"],
    ["load --rate 5 --ramp 1-2", 64, "cannot be used with"],
    ["load --ramp 5", 64, "Expected two rates"],
    ["load --for 0", 64, "Expected a duration above 0"],
    ["load --url http://127.0.0.1:1 --arrivals /nowhere/at.csv", 64, "Expected recorded arrivals"],
    ["load run more", 64, "too many arguments"],
    ["load saturate --objective-ms 0 --url http://127.0.0.1:1", 64, "Expected a number above 0"],
    ["load saturate --url http://127.0.0.1:1 --path /x", 69, "ECONNREFUSED"],
  ] as const)("kanit %s", { timeout: 60_000 }, async ([words, exitCode, reason]) => {
    const ended = await kanit.run(words.split(" "));
    expect(ended, words).toMatchObject({ exitCode, stdout: "" });
    expect(ended.stderr, words).toMatch(/^kanit: [^\n]+\n$/);
    expect(ended.stderr).toContain(reason);
  });
});
