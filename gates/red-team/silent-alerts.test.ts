import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../core/index.ts";
import { ALL_RULE_FILES, alertsOf, loadRuleFiles } from "../../signals/index.ts";
import { isTrigger } from "../alerting/loaded-triggers.ts";
import { loadedRule } from "../blast/testing/prometheus.ts";
import { runCheck } from "../engine/run-check.ts";
import { EMPTY_TARGET } from "../testing/sample-check.ts";
import { silentAlerts } from "./silent-alerts.ts";

const TRIGGERS = alertsOf(await loadRuleFiles(ALL_RULE_FILES)).filter(isTrigger);
const NAMES = TRIGGERS.map(({ name }) => name);
const COMMIT = { sha: "b14c".repeat(10), committedAtMs: Date.now() - 7_200_000 };
const CONFIG = `route:
  receiver: on-call
  routes: [{ matchers: ['severity="rollback"'], receiver: commander }]
receivers:
  - { name: on-call, email_configs: [{ to: night@example.com }] }
  - { name: commander, webhook_configs: [{ url: http://127.0.0.1:9 }] }
`;

/** How Prometheus, Alertmanager and the filed drill are; by default all is well. */
interface Alerting {
  /** The triggers that the filed drill saw firing. */
  readonly drilled: readonly string[];
  readonly drillCommit: string;
  /** The alerts that Prometheus saw firing. */
  readonly fired: readonly string[];
  readonly rules: readonly unknown[];
  readonly alertmanagers: readonly { readonly url: string }[];
  readonly config: string;
  readonly silences: readonly unknown[];
  readonly warnings: readonly string[];
  /** Replaces each answer of Alertmanager. */
  readonly page: string | null;
}

const WELL: Alerting = {
  drilled: NAMES,
  drillCommit: COMMIT.sha,
  fired: [],
  rules: TRIGGERS.map((rule) => ({ type: "alerting", ...loadedRule(rule, Date.now()) })),
  alertmanagers: [{ url: "http://127.0.0.1:9093/api/v2/alerts" }],
  config: CONFIG,
  silences: [],
  warnings: [],
  page: null,
};

function dataOf(path: string, query: string, alerting: Alerting): unknown {
  const seconds = Date.now() / 1_000;
  if (path === "/api/v1/rules") return { groups: [{ interval: 15, rules: alerting.rules }] };
  if (path === "/api/v1/alertmanagers") return { activeAlertmanagers: alerting.alertmanagers };
  if (query === "time()") return { resultType: "scalar", result: [seconds, String(seconds)] };
  const result = alerting.fired.map((alertname) => ({ metric: { alertname }, value: [seconds, "1"] }));
  return { resultType: "vector", result };
}

/** Judges alerting that differs in this from alerting in which all is well. */
async function judged(changes: Partial<Alerting>) {
  const alerting = { ...WELL, ...changes };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const path = request.url ?? "";
      if (path.startsWith("/api/v2/") && alerting.page !== null) return response.end(alerting.page);
      if (path === "/api/v2/status")
        return response.end(JSON.stringify({ config: { original: alerting.config } }));
      if (path === "/api/v2/silences") return response.end(JSON.stringify(alerting.silences));
      const query = new URLSearchParams(Buffer.concat(chunks).toString()).get("query") ?? "";
      const data = dataOf(path, query, alerting);
      return response.end(JSON.stringify({ status: "success", data, warnings: alerting.warnings }));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const drill = {
    triggers: alerting.drilled.map((trigger) => ({ trigger, outcome: "fired" })),
    notApplicable: [],
  };
  const filed = {
    text: JSON.stringify(drill),
    commit: alerting.drillCommit,
    target: "lab",
    atMs: Date.now(),
  };
  const parts = {
    ...EMPTY_TARGET.parts,
    prometheus: { url, targets: [], rules: null },
    alertmanager: url,
    evidence: () => Promise.resolve(filed),
  };
  try {
    const { verdict, reasons } = await runCheck(
      silentAlerts,
      { ...EMPTY_TARGET, parts },
      { commit: COMMIT, wasSeenRed: true, clock: systemClock, signal: new AbortController().signal },
    );
    return { verdict, reasons };
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
}

const silenceOf = (matchers: readonly unknown[], state = "active") => ({
  id: "0a1b2c3d-0000",
  status: { state },
  matchers,
  comment: "noisy",
  createdBy: "mara",
});
const equal = (name: string, value: string) => ({ name, value, isRegex: false, isEqual: true });

describe("the check of silent alerts", () => {
  it("passes when each trigger is loaded, drilled and routed", async () => {
    expect(await judged({})).toEqual({ verdict: "pass", reasons: [] });
  });

  it("passes for triggers that fired in Prometheus in place of a drill", async () => {
    expect(await judged({ drilled: [], fired: NAMES })).toEqual({ verdict: "pass", reasons: [] });
  });

  it("fails for a trigger that nobody saw firing, and for a drill of another commit", async () => {
    const [first = "", ...others] = NAMES;
    expect((await judged({ drilled: others })).reasons).toEqual([
      `never seen firing (neither in the filed drill nor in Prometheus): ${first}`,
    ]);
    const { verdict, reasons } = await judged({ drillCommit: "0".repeat(40) });
    expect(verdict).toBe("fail");
    expect(reasons[0]).toContain("never seen firing (the filed drill is of another commit)");
  });

  it("fails for a receiver that notifies nobody", async () => {
    const config = CONFIG.replace(", webhook_configs: [{ url: http://127.0.0.1:9 }]", "");
    const { verdict, reasons } = await judged({ config });
    expect(verdict).toBe("fail");
    expect(reasons).toContain("FeedStale is routed to commander, which notifies nobody");
  });

  it("fails for a silence that holds, and not for one that is over", async () => {
    const matchers = [equal("alertname", "FeedStale")];
    expect(await judged({ silences: [silenceOf(matchers)] })).toEqual({
      verdict: "fail",
      reasons: ["FeedStale is silenced: 0a1b2c3d by mara: noisy"],
    });
    expect((await judged({ silences: [silenceOf(matchers, "expired")] })).verdict).toBe("pass");
  });

  it("is inconclusive for a silence of some of a trigger's series", async () => {
    const silences = [silenceOf([equal("alertname", "FeedStale"), equal("instance", "spark-1")])];
    expect(await judged({ silences })).toEqual({
      verdict: "inconclusive",
      reasons: ["FeedStale may be silenced for some of its series: 0a1b2c3d by mara: noisy"],
    });
  });

  it("is inconclusive for a route that is muted at times", async () => {
    const config = CONFIG.replace(
      "receiver: commander }]",
      "receiver: commander, mute_time_intervals: [night] }]",
    );
    expect((await judged({ config })).verdict).toBe("inconclusive");
  });

  it("fails for a trigger that is not loaded, and for a Prometheus that sends to nobody", async () => {
    expect((await judged({ rules: WELL.rules.slice(1) })).reasons).toEqual([`not loaded: ${NAMES[0]}`]);
    expect((await judged({ alertmanagers: [] })).reasons).toEqual([
      "Prometheus sends its alerts to no Alertmanager",
    ]);
  });

  it("is inconclusive for warnings, and for a page in place of Alertmanager's API", async () => {
    expect((await judged({ warnings: ["partial"] })).verdict).toBe("inconclusive");
    const { verdict, reasons } = await judged({ page: "<html>Sign in</html>" });
    expect(verdict).toBe("inconclusive");
    expect(reasons[0]).toContain("Expected Alertmanager's API at http://127.0.0.1:");
  });
});
