import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../core/index.ts";
import { runGate } from "../engine/run-gate.ts";
import type { FiledOfRelease, Target } from "../engine/target.ts";
import { memoryFiling } from "../testing/memory-filing.ts";
import { EMPTY_TARGET } from "../testing/sample-check.ts";
import { GO_NO_GO } from "./go-no-go.ts";
import { soundEvidence } from "./sound-evidence.ts";

const COMMIT = { sha: "b14c".repeat(10), committedAtMs: Date.now() - 7_200_000 };
const HOUR_MS = 3_600_000;

let server: Server;
beforeAll(async () => {
  server = createServer((request, response) => {
    // Half up: it listens and answers, and has no database.
    response.statusCode = request.url === "/half-up" ? 503 : 200;
    response.end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

function healthAt(path: string): URL {
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
}

async function decide(parts: Partial<Target["parts"]> = {}) {
  const health = healthAt("/api/healthz");
  const evidence = soundEvidence(EMPTY_TARGET, COMMIT, systemClock, {});
  const approvals = () => Promise.resolve({ isGo: true, why: "signed by mara and deniz" });
  const record = await runGate({
    gate: GO_NO_GO,
    target: { ...EMPTY_TARGET, parts: { ...EMPTY_TARGET.parts, health, evidence, approvals, ...parts } },
    commit: COMMIT,
    seenRed: { has: () => true },
    filing: memoryFiling(),
    renderPage: () => "<!doctype html>",
    command: "kanit go-no-go v1.4.0",
    clock: systemClock,
    signal: new AbortController().signal,
    onEvent: () => undefined,
    onVerdict: () => undefined,
  });
  const open = record.checks.filter(({ verdict }) => verdict !== "pass");
  return {
    verdict: record.verdict,
    open: open.map(({ id, verdict, reasons }) => `${id}: ${verdict}: ${reasons[0]}`),
  };
}

/** The same evidence, but for one file. */
function otherwise(name: string, change: (text: string) => string | null): FiledOfRelease {
  const sound = soundEvidence(EMPTY_TARGET, COMMIT, systemClock, {});
  return async (asked) => {
    const filed = await sound(asked);
    if (filed === null || asked !== name) return filed;
    const text = change(filed.text);
    return text === null ? null : { ...filed, text };
  };
}

describe("the decision", () => {
  it("is GO on ten items: fresh evidence of each gate at this commit, and two people's signatures", async () => {
    expect(await decide()).toEqual({ verdict: "pass", open: [] });
    expect(GO_NO_GO.checks).toHaveLength(10);
  });

  it("is not GO without signatures: they are not run, since nobody named the keys", async () => {
    expect(await decide({ approvals: null })).toEqual({
      verdict: "inconclusive",
      open: ["people-signed: inconclusive: not run: needs approvals"],
    });
  });

  it("is NO-GO while the platform is half up", async () => {
    expect(await decide({ health: healthAt("/half-up") })).toEqual({
      verdict: "fail",
      open: ["platform-health: fail: 3 of 3 health checks answered 503"],
    });
  });

  it("is NO-GO when only the one who deploys signed", async () => {
    const approvals = () => Promise.resolve({ isGo: false, why: "only those who deploy signed: mara" });
    expect(await decide({ approvals })).toEqual({
      verdict: "fail",
      open: ["people-signed: fail: only those who deploy signed: mara"],
    });
  });

  it.each([
    ["rollback", "fail", "rollback-rehearsed: fail: rollback failed"],
    ["old-code", "inconclusive", "rollback-rehearsed: inconclusive: old-code was inconclusive"],
    ["kill-switch", "fail", "kill-switch-rehearsed: fail: kill-switch failed"],
  ])("is not GO when the rehearsal %s was filed and ended as %s", async (gate, verdict, open) => {
    const ended = (text: string) => text.replace('"verdict": "pass"', `"verdict": "${verdict}"`);
    expect(await decide({ evidence: otherwise(`gate_${gate}.json`, ended) })).toEqual({
      verdict,
      open: [open],
    });
  });

  it.each<[string, (text: string) => string | null, RegExp]>([
    ["is missing", () => null, /inconclusive: no data: gate_preflight.json is not filed/],
    ["failed", (text) => text.replace('"verdict": "pass"', '"verdict": "fail"'), /fail: preflight failed/],
    [
      "was inconclusive",
      (text) => text.replace('"verdict": "pass"', '"verdict": "inconclusive"'),
      /inconclusive: preflight was inconclusive/,
    ],
    [
      "is of another commit",
      (text) => text.replace(/b14c/g, "aaaa"),
      /fail: preflight ran at another commit/,
    ],
    [
      "is of another target",
      (text) => text.replace('"target": "nothing"', '"target": "https://staging"'),
      /fail: preflight ran on another target: https:\/\/staging/,
    ],
    [
      "is older than an hour",
      (text) =>
        text.replace(
          /"startedAt": "[^"]+"/,
          `"startedAt": "${new Date(Date.now() - 1.5 * HOUR_MS).toISOString()}"`,
        ),
      /inconclusive: stale data/,
    ],
    ["cannot be read", () => "<html>", /inconclusive: /],
  ])("does not release when the record of preflight %s", async (_, change, reason) => {
    const { verdict, open } = await decide({ evidence: otherwise("gate_preflight.json", change) });
    expect(verdict).not.toBe("pass");
    expect(open).toEqual([expect.stringMatching(/^preflight-passed: /)]);
    expect(open[0]).toMatch(reason);
  });
});
