import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandLine, openCommandLine } from "./testing/command-line.ts";

const PATIENCE_MS = 180_000;

let kanit: CommandLine;
const servers: Server[] = [];
beforeAll(async () => {
  kanit = await openCommandLine();
});
afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
  await kanit[Symbol.asyncDispose]();
});

/** A platform that only has a metrics page, on which nothing changes. */
async function startArm(): Promise<string> {
  const page = 'http_requests_total{route="/",status="200"} 5\nprocess_start_time_seconds 1748700000\n';
  const server = createServer((_request, response) => response.end(page)).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A release with two arms, and a command that notes the share in a file. */
async function releaseFile(name: string): Promise<{ readonly file: string; readonly shares: string }> {
  const folder = join(kanit.temporaryDirectory, name);
  await mkdir(folder);
  const [stable, candidate] = [await startArm(), await startArm()];
  const lines = [
    `url: ${stable}`,
    "canary:",
    `  stable: { url: "${stable}", metrics: ["${stable}/metrics"] }`,
    `  candidate: { url: "${candidate}", metrics: ["${candidate}/metrics"] }`,
    '  traffic: { kind: command, set: "echo {share} >> shares" }',
  ];
  await writeFile(join(folder, "release.yml"), `${lines.join("\n")}\n`);
  return { file: join(folder, "release.yml"), shares: join(folder, "shares") };
}

/** Asks the live page, as somebody with these headers does. */
async function ask(url: string, headers: Readonly<Record<string, string>> = {}) {
  const asked = request(url, { headers }).end();
  const [response] = await once(asked, "response");
  return { status: response.statusCode as number, body: await text(response) };
}

const hasHaproxy = spawnSync("haproxy", ["-v"]).status === 0;

describe.skipIf(!hasHaproxy)("kanit canary in a lab (skipped without the program haproxy)", () => {
  it("leads users of a lab to a defective candidate, finds the defect, and says what to type", {
    timeout: 180_000,
  }, async () => {
    const archive = join(kanit.temporaryDirectory, "lab-archive");
    const words = ["--candidate", "lost-policy", "--load", "20", "--time-scale", "60", "--archive", archive];
    const running = kanit.start(["canary", "v2", ...words]);
    await running.until(/Roll back now: kanit rollback v2 --reason '[^']*SecurityHeadersLost/);
    running.process.kill("SIGINT");
    const { exitCode, stdout } = await running.ended;
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /FAIL {2}Rolled back from 1 %: [^.]*SecurityHeadersLost.* fires\. It still has to be/,
    );
    const runs = join(archive, "v2", "data", "gates");
    const [folder = ""] = await readdir(runs);
    const record = JSON.parse(await readFile(join(runs, folder, "canary.json"), "utf8"));
    const names = record.triggers.map(({ name }: { readonly name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(["HttpErrorRateHigh", "AmountsDifferFromVenue"]));
    expect(record.verdict).toBe("fail");
  });
});

describe("kanit canary", { timeout: PATIENCE_MS }, () => {
  it("prints with --plan what each stage needs, and changes nothing", async () => {
    const { exitCode, stdout } = await kanit.run(["canary", "--plan"]);
    expect(exitCode).toBe(0);
    expect(stdout.match(/^stage +(?:1|5|25|50|100) % /gm)).toHaveLength(5);
    expect(stdout).toMatch(/http_errors +\d+ requests/);
  });

  it("refuses a plan with a mistake in one line, with its place", async () => {
    const file = join(kanit.temporaryDirectory, "canary.yml");
    await writeFile(file, "look: soon\n");
    const { exitCode, stderr } = await kanit.run(["canary", "--plan", "--canary-file", file]);
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(/^kanit: .*canary\.yml:1:7 look: .*\n$/);
  });

  it("needs the section canary in a release file", async () => {
    const file = join(kanit.temporaryDirectory, "plain.yml");
    await writeFile(file, "url: http://127.0.0.1:9\n");
    const { exitCode, stderr } = await kanit.run(["canary", "v1", "--release-file", file]);
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(/^kanit: Expected the section canary in .*plain\.yml, got none\./);
  });

  it("shows a live page while it goes on, and files what it has when it is interrupted", async () => {
    const { file, shares } = await releaseFile("interrupted");
    const archive = join(kanit.temporaryDirectory, "archive");
    const words = ["canary", "v1", "--release-file", file, "--archive", archive, "--time-scale", "10"];
    const running = kanit.start(words);
    const [, url = ""] = await running.until(/live page (\S+)/);
    await running.until(/1 % {2}enter: /);
    const { body } = await ask(url);
    expect(body).toContain('<span id="verdict">RUNNING</span>');
    expect((await ask(url, { origin: "http://evil.example.com" })).status).toBe(403);
    running.process.kill("SIGINT");
    const { exitCode, stdout } = await running.ended;
    expect(exitCode).toBe(2);
    expect(stdout).toContain("INCONCLUSIVE  Interrupted by SIGINT");
    expect(await readFile(shares, "utf8")).toBe("1\n");
    const runs = join(archive, "v1", "data", "gates");
    const [folder = ""] = await readdir(runs);
    expect(await readdir(join(runs, folder))).toEqual(
      expect.arrayContaining(["canary.json", "canary_plan_v1.txt", "canary_stage_1.txt", "index.html"]),
    );
  });
});
