import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { systemClock } from "../../core/index.ts";
import { requestHttp } from "../../network/index.ts";
import { ALL_RULE_FILES, alertsOf, loadRuleFiles } from "../../signals/index.ts";
import type { DrillGround } from "../engine/mutant.ts";
import { silencedTrigger } from "../red-team/silenced-trigger.ts";
import { EMPTY_TARGET } from "../testing/sample-check.ts";
import { wayOf } from "./alert-way.ts";
import { readAlertmanager } from "./alertmanager.ts";

/** Alertmanager itself, as Debian and as its makers name it. */
const PROGRAM = ["prometheus-alertmanager", "alertmanager"].find(
  (name) => spawnSync(name, ["--version"]).status === 0,
);
const RULES = alertsOf(await loadRuleFiles(ALL_RULE_FILES));
const CONFIG = `route:
  receiver: on-call
  group_by: [alertname]
  routes:
    - matchers: ['severity="rollback"', 'alertname!~"Csp.*|.*,.*"']
      receiver: commander
      continue: true
      routes:
        - match: { alertname: FeedStale }
          receiver: desk
    - match_re: { alertname: "Api.*|Feed.*" }
      receiver: latency
    - matchers: [severity=ticket]
      receiver: nobody
receivers:
  - name: on-call
    email_configs: [{ to: night@example.com, from: kanit@example.com, smarthost: "127.0.0.1:9" }]
  - name: commander
    webhook_configs: [{ url: "http://127.0.0.1:9/secret" }]
  - name: desk
    slack_configs: [{ api_url: "http://127.0.0.1:9/hook", channel: "#desk" }]
  - name: latency
    pagerduty_configs: [{ routing_key: secret }]
  - name: nobody
`;
const alertsShape = z.array(
  z.object({
    labels: z.record(z.string(), z.string()),
    receivers: z.array(z.object({ name: z.string() })),
    status: z.object({ silencedBy: z.array(z.string()) }),
  }),
);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function until<T>(look: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    await systemClock.sleep(50);
  }
}

describe.skipIf(PROGRAM === undefined)("a real Alertmanager (skipped where there is none)", () => {
  let folder: string;
  let program: ChildProcess;
  let url: string;
  const { signal } = new AbortController();
  const read = () => readAlertmanager({ url, allowedHosts: [], signal });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "kanit-alertmanager-"));
    const file = join(folder, "alertmanager.yml");
    await writeFile(file, CONFIG);
    url = `http://127.0.0.1:${await freePort()}`;
    const flags = [
      `--config.file=${file}`,
      `--storage.path=${join(folder, "data")}`,
      `--web.listen-address=${new URL(url).host}`,
      "--cluster.listen-address=",
    ];
    program = spawn(PROGRAM ?? "", flags, { stdio: "ignore" });
    await until(() => {
      if (program.exitCode !== null)
        throw new Error(`Expected ${PROGRAM} to run, got exit ${program.exitCode}.`);
      return read().catch(() => null);
    });
  });
  afterAll(async () => {
    if (program.exitCode === null && program.kill()) await once(program, "exit");
    await rm(folder, { recursive: true, force: true });
  });

  it("prints receivers of which each notifies in as many ways as are configured", async () => {
    const { routes } = await read();
    expect(Object.fromEntries(routes.receivers)).toEqual({
      ...{ "on-call": 1, commander: 1, desk: 1, latency: 1 },
      nobody: 0,
    });
  });

  it("routes and silences each rule of kanit's as the check of silent alerts says", async () => {
    const ground = {
      ...{ clock: systemClock, signal },
      target: { ...EMPTY_TARGET, parts: { ...EMPTY_TARGET.parts, alertmanager: url } },
    } as unknown as DrillGround;
    await using silence = await silencedTrigger.apply(ground);
    expect(silence.effect).toMatch(/^silence [0-9a-f]{8} of ApiLatencyP95High$/);
    const alerts = RULES.map(({ name, labels }) => ({
      labels: {
        ...Object.fromEntries(Object.entries(labels).map(([label, { text }]) => [label, text])),
        alertname: name,
      },
    }));
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify(alerts);
    const posted = await requestHttp(`${url}/api/v2/alerts`, { method: "POST", headers, body });
    expect(posted.status, posted.text).toBe(200);
    const seen = await until(async () => {
      const { text } = await requestHttp(`${url}/api/v2/alerts`);
      const found = alertsShape.parse(JSON.parse(text));
      const silenced = found.filter(({ status }) => status.silencedBy.length > 0);
      return found.length === RULES.length && silenced.length > 0 ? found : null;
    });
    const state = await read();
    for (const rule of RULES) {
      const real = seen.find(({ labels }) => labels.alertname === rule.name);
      const { receivers, problems } = wayOf(rule, state);
      expect([...receivers].sort(), rule.name).toEqual(real?.receivers.map(({ name }) => name).sort());
      const isSilenced = problems.some((problem) => problem.includes(" is silenced: "));
      expect(isSilenced, rule.name).toBe((real?.status.silencedBy.length ?? 0) > 0);
    }
  });

  it("no longer lists the drill's silence as one that holds, once it is taken back", async () => {
    expect((await read()).silences).toEqual([]);
  });
});
