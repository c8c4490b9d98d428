import { defineCheck } from "../engine/check.ts";
import type { Gate } from "../engine/gate.ts";
import type { BlastCheck } from "./blast-check.ts";
import { blastLines, blastTexts } from "./blast-evidence.ts";
import { type BlastOptions, type BlastResult, probeBlastRadius } from "./blast-radius.ts";
import { slowPlatform } from "./slow-platform.ts";

/** What a blast asks, besides the address, which the target has. */
export interface BlastGateOptions
  extends Pick<
    BlastOptions,
    "healthPath" | "webSocketPath" | "metrics" | "durationMs" | "pace" | "onSample" | "watchMachine"
  > {
  /** Called with all that was measured, for those who show it. */
  readonly onResult: (result: BlastResult) => void;
}

/** After the last probe: answers that are still awaited, and the queries. */
const REST_MS = 30_000;

/** The micro blast radius: one check that probes the platform for a while. */
export function blastGate(options: BlastGateOptions): Gate {
  const { durationMs } = options;
  return {
    name: "blast",
    title: "Micro blast radius",
    question:
      "Does the platform answer well for half a minute, before the first share of traffic reaches it?",
    checks: [blastCheck(options)],
    summaryFile: "micro_blast_{release}.log",
    limitMs: durationMs + 2 * REST_MS,
  };
}

function blastCheck(options: BlastGateOptions) {
  const { durationMs, pace } = options;
  return defineCheck({
    id: "micro-blast-radius",
    title: "Micro blast radius",
    question: "Do health check and WebSocket answer, quickly, without an idle CPU behind slow answers?",
    risk: "A build that is broken or blocks itself gets traffic, and its users find out.",
    command: "scripts/micro-blast-radius-test.sh https://canary v1.4.0 30",
    passes:
      "more than 95 % of requests and pings succeed, P95 is below 500 ms, and no rollback trigger fires",
    fix: "Read micro_api and micro_ws for when it began; slow answers with an idle CPU wait for a lock or a pool.",
    evidence: [
      "micro_blast_{release}.log",
      "micro_api_{release}.log",
      "micro_ws_{release}.log",
      "micro_prom_{release}.promql",
    ],
    deadlineMs: durationMs + REST_MS,
    maxAgeMs: durationMs + 2 * REST_MS,
    needs: ["url"],
    mutant: slowPlatform,
    observe: async ({ url }, { target, clock, signal }) => {
      const { allowedHosts } = target;
      const result = await probeBlastRadius({ ...options, url, allowedHosts, clock, signal });
      options.onResult(result);
      const heading = `${target.release} at ${url.origin}, ${durationMs / 1_000} s`;
      const texts = blastTexts(heading, result);
      const planned = Math.floor(durationMs / pace.healthIntervalMs);
      return {
        expected: namesOf(result.checks),
        // What could not be decided says so itself, in `unclear`.
        examined: namesOf(result.checks),
        acts: [{ what: "health checks", asked: Math.max(1, planned), happened: result.samples.length }],
        asOfMs: result.startedAtMs,
        violations: linesOf(result.checks, "fail"),
        unclear: linesOf(result.checks, "inconclusive"),
        summary: `${result.measured.successes} of ${result.measured.requests} requests, ${blastLines(result).at(-1) ?? ""}`,
        texts: [texts.blast, texts.api, texts.webSocket, texts.promql],
      };
    },
  });
}

function namesOf(checks: readonly BlastCheck[]): readonly string[] {
  return [...new Set(checks.map(({ name }) => name))];
}

function linesOf(checks: readonly BlastCheck[], wanted: BlastCheck["verdict"]): readonly string[] {
  return checks
    .filter(({ verdict }) => verdict === wanted)
    .map(({ name, received, expected }) => `${name}: ${received} (expected ${expected})`);
}
