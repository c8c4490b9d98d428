import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readRoutes, routingOf } from "./alert-routes.ts";

const RECEIVERS = `receivers:
  - name: on-call
    email_configs: [{ to: night@example.com }]
  - name: commander
    pagerduty_configs: [{ routing_key: <secret> }]
    slack_configs: [{ channel: "#release" }]
  - name: nobody
`;

/** Where alerts with these labels go, by the routes below the root. */
function routed(routes: string, labels: Readonly<Record<string, string>>) {
  const config = `route:\n  receiver: on-call\n  routes: ${routes}\n${RECEIVERS}`;
  return routingOf(readRoutes(config), labels);
}

const ROLLBACK = { alertname: "FeedStale", severity: "rollback" };
const names = ({ receivers }: ReturnType<typeof routed>) => receivers.map(({ receiver }) => receiver);

describe("the routes of an Alertmanager's configuration", () => {
  it("count the ways in which each receiver notifies", () => {
    const { receivers } = readRoutes(`route: { receiver: on-call }\n${RECEIVERS}`);
    expect(Object.fromEntries(receivers)).toEqual({ "on-call": 1, commander: 2, nobody: 0 });
  });

  it("lead to the root's receiver where no child matches", () => {
    expect(names(routed(`[{ matchers: ['severity="ticket"'], receiver: nobody }]`, ROLLBACK))).toEqual([
      "on-call",
    ]);
  });

  it("lead to the first child that matches, in each way in which conditions are written", () => {
    for (const condition of [
      `matchers: ['severity="rollback"']`,
      `matchers: [severity=rollback]`,
      `matchers: ['severity=~"roll.*|page"']`,
      `matchers: ['{alertname!="x,y", severity!~"ticket|info"}']`,
      `match: { severity: rollback }`,
      `match_re: { severity: roll.* }`,
    ]) {
      const routes = `[{ ${condition}, receiver: commander }, { receiver: nobody }]`;
      expect(names(routed(routes, ROLLBACK)), condition).toEqual(["commander"]);
    }
  });

  it("match a whole value, and no part of it", () => {
    const routes = `[{ matchers: ['severity=~"roll"'], receiver: nobody }]`;
    expect(names(routed(routes, ROLLBACK))).toEqual(["on-call"]);
  });

  it("lead further where a child says so, and to the parent's receiver where a child names none", () => {
    const routes = `[{ receiver: commander, continue: true }, { matchers: [severity=rollback] }, { receiver: nobody }]`;
    expect(names(routed(routes, ROLLBACK))).toEqual(["commander", "on-call"]);
  });

  it("name the times in which a receiver is not notified", () => {
    const routes = `[{ receiver: commander, mute_time_intervals: [weekends], active_time_intervals: [office] }]`;
    expect(routed(routes, ROLLBACK).receivers).toEqual([
      { receiver: "commander", mutedAt: ["weekends", "all but office"] },
    ]);
  });

  it("say which labels of the series decide, that the rule does not say", () => {
    const routes = `[{ matchers: ['job="platform"', 'severity="rollback"'], receiver: nobody }]`;
    expect(routed(routes, ROLLBACK)).toEqual({
      receivers: [{ receiver: "on-call", mutedAt: [] }],
      dependsOn: ["job"],
    });
  });

  it("are refused when they are none", () => {
    expect(() => readRoutes("<html>")).toThrow();
    expect(() => routed("[{ matchers: ['no condition'], receiver: nobody }]", ROLLBACK)).toThrow(
      'Expected a matcher such as severity="rollback", got no condition.',
    );
  });
});

/** Alertmanager's own program, where it is installed. */
const HAS_AMTOOL = spawnSync("amtool", ["--version"]).status === 0;
const NESTED = `route:
  receiver: a
  routes:
    - matchers: ['severity=~"roll.*"', 'alertname!="FeedStale"']
      receiver: b
      continue: true
      routes: [{ match: { alertname: GcPauseHigh }, receiver: c }]
    - match_re: { alertname: "Gc.*|Feed.*" }
      receiver: d
receivers: [{ name: a }, { name: b }, { name: c }, { name: d }]
`;

describe("nested routes", () => {
  it.skipIf(!HAS_AMTOOL)("lead where amtool says", async () => {
    const directory = await mkdtemp(join(tmpdir(), "kanit-routes-"));
    const file = join(directory, "alertmanager.yml");
    await writeFile(file, NESTED);
    for (const alertname of ["GcPauseHigh", "FeedStale", "HttpErrorRateHigh"]) {
      for (const severity of ["rollback", "ticket"]) {
        const words = ["config", "routes", "test", `--config.file=${file}`];
        const { stdout } = spawnSync("amtool", [...words, `alertname=${alertname}`, `severity=${severity}`], {
          encoding: "utf8",
        });
        const routing = routingOf(readRoutes(NESTED), { alertname, severity });
        expect(names(routing).join(","), `${alertname} ${severity}`).toBe(stdout.trim());
      }
    }
    await rm(directory, { recursive: true });
  });

  it("lead where they lead by hand", () => {
    const where = (alertname: string, severity: string) =>
      names(routingOf(readRoutes(NESTED), { alertname, severity }));
    expect(where("GcPauseHigh", "rollback")).toEqual(["c", "d"]);
    expect(where("FeedStale", "rollback")).toEqual(["d"]);
    expect(where("HttpErrorRateHigh", "ticket")).toEqual(["a"]);
  });
});
