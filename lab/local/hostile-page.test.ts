import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requestHttp } from "../../network/index.ts";
import { TRADING_VENUE_NAMES, VENUE_NAMES } from "../../venues/index.ts";
import type { Lab } from "../lab.ts";
import {
  type Finding,
  HAS_BROWSER,
  HOSTILE_NAME,
  HostileBrowser,
  type PageOrigin,
  type Target,
} from "../testing/hostile-browser.ts";
import { sparkLab } from "../testing/lab-options.ts";
import { startOpenServer } from "../testing/open-server.ts";
import { sendOrder } from "../testing/send-order.ts";
import { makeTestDirectory, removeTestDirectory } from "../testing/test-directory.ts";
import { startLocalLab } from "./start-local-lab.ts";

/** Thousands of tries, on a machine that others may fill. */
const PATIENCE_MS = 300_000;
const TABS_AT_ONCE = 2;
/** What every server is asked for. */
const COMMON_PATH = "/metrics";
const VENUE_PATHS = ["/api/v3/account", "/api/v3/order?symbol=BTCUSDT&side=BUY", "/api/v1/order", "/ws"];
/** What is worth asking for where it is served. */
const PATHS: Readonly<Record<string, readonly string[]>> = {
  venueControl: ["/reset", "/pause", "/venues/binance/balances", "/venues/binance/misbehaviors/gap"],
  proxyControl: ["/version", "/proxies", "/proxies/api/toxics", "/leases", "/kanit/restart"],
  api: ["/dashboard", "/api/orders", "/api/positions", "/api/tools/kill-switch?enable=false&scope=global"],
  platform: ["/internal/reset", "/api/orders"],
  "binance-rest": VENUE_PATHS,
  "btcturk-rest": VENUE_PATHS,
};
/** What changes something by a simple request, which a form can send. */
const ELEMENT_PATH: Readonly<Record<string, string>> = {
  venueControl: "/pause",
  proxyControl: "/reset",
  api: "/api/tools/kill-switch?enable=false&scope=global",
};
const SOCKET_PATH: Readonly<Record<string, string>> = { api: "/ws/quotes" };

/** Every server of the lab: of its addresses, its links, and what is behind them. */
async function targetsOf({ addresses, proxy }: Lab): Promise<readonly Target[]> {
  const { links: _, ...named } = addresses;
  const links = [...(await proxy.links()).values()].flatMap(({ name, listen, upstream }) => [
    [name, `http://${listen}`],
    [name, `http://${upstream}`],
  ]);
  const namesByPort = new Map<number, Set<string>>();
  for (const [name = "", url = ""] of [...Object.entries(named), ...links]) {
    const port = Number(new URL(url).port);
    namesByPort.set(port, (namesByPort.get(port) ?? new Set()).add(name));
  }
  return [...namesByPort].map(([port, names]) => ({
    port,
    paths: [COMMON_PATH, ...new Set([...names].flatMap((name) => PATHS[name] ?? []))],
    elementPath: [...names].map((name) => ELEMENT_PATH[name]).find((path) => path !== undefined) ?? "/",
    socketPath: [...names].map((name) => SOCKET_PATH[name]).find((path) => path !== undefined) ?? "/ws",
  }));
}

/** What must be as it was: everything that a request could change, and time does not. */
async function stateOf({ addresses, proxy, deaths }: Lab) {
  const read = async (url: string) => JSON.parse((await requestHttp(url)).text);
  const at = (venue: string) => `${addresses.venueControl}/venues/${venue}`;
  return {
    venues: await Promise.all(VENUE_NAMES.map((venue) => read(at(venue)))),
    balances: await Promise.all(TRADING_VENUE_NAMES.map((venue) => read(`${at(venue)}/balances`))),
    orders: await Promise.all(TRADING_VENUE_NAMES.map((venue) => read(`${at(venue)}/orders`))),
    links: [...(await proxy.links()).values()],
    leases: await proxy.leases(),
    positions: await read(`${addresses.platform}/api/positions`),
    execution: (await read(`${addresses.platform}/api/features/status`)).execution,
    deaths: deaths(),
  };
}

/** Whether a page of the same origin read no more than that it is refused. */
function isRefusal({ how, text }: Finding): boolean {
  return (how === "403" || how === "framed") && /not allowed|page_not_allowed|expected a Host|^$/.test(text);
}

// Without a browser there is no page to try with; the skip is visible in the summary.
describe.skipIf(!HAS_BROWSER)("a hostile page in a browser", { timeout: PATIENCE_MS }, () => {
  let directory = "";
  let lab: Lab;
  let browser: HostileBrowser;
  let means: readonly string[];
  let targets: readonly Target[] = [];
  let before: Awaited<ReturnType<typeof stateOf>>;
  beforeAll(async () => {
    directory = await makeTestDirectory();
    [lab, browser] = await Promise.all([startLocalLab(await sparkLab(directory)), HostileBrowser.start()]);
    means = await browser.means();
    targets = await targetsOf(lab);
    // What an attacker would like to read.
    expect(await sendOrder(lab.addresses.platform)).toBeLessThan(300);
    before = await stateOf(lab);
  }, PATIENCE_MS);
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await lab?.stop();
    await removeTestDirectory(directory);
  }, 60_000);

  /** How each try on each server ended. Throws unless every means was tried on every server and had an end. */
  async function attackAll(origin: PageOrigin, hosts: readonly string[]): Promise<readonly Finding[]> {
    const waiting = [...targets];
    const findings: Finding[] = [];
    const work = async () => {
      await using tab = await browser.openTab();
      for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
        const found = await tab.attack(origin, hosts, target);
        for (const host of hosts) {
          const tried = found.filter(({ url }) => url.startsWith(`http://${host}:`));
          expect(new Set(tried.map((finding) => finding.means)), `${host}:${target.port}`).toEqual(
            new Set(means),
          );
        }
        findings.push(...found);
      }
    };
    await Promise.all(Array.from({ length: TABS_AT_ONCE }, work));
    expect(findings.filter(({ result }) => result === "unanswered")).toEqual([]);
    return findings;
  }

  it.each([
    [HOSTILE_NAME, "127.0.0.1"],
    ["127.0.0.1", "localhost"],
    ["rebound", HOSTILE_NAME],
  ] as const)(
    "from %s reads and changes a server that lets pages in: the proof can fail",
    async (origin, host) => {
      const open = await startOpenServer();
      await using tab = await browser.openTab();
      const target = { port: open.port, paths: ["/"], elementPath: "/", socketPath: "/" };
      const found = await tab.attack(origin, [host], target);
      open.close();
      const unreadable = found.filter(({ result }) => result !== "read").map((finding) => finding.means);
      const opaque = ["fetch GET, opaque", "fetch POST of text, opaque", "frame"];
      const forms = means.filter((each) => each.startsWith("form "));
      const withoutAnswer = ["beacon", ...(origin === "rebound" ? [] : [...opaque, ...forms])];
      expect(unreadable.sort()).toEqual(withoutAnswer.sort());
      expect(found.map((finding) => finding.means).sort()).toEqual([...means].sort());
      expect([...new Set(open.changes)].sort()).toEqual(["DELETE", "HEAD", "PATCH", "POST", "PUT"]);
      // Six fetches, three forms, the beacon.
      expect(open.changes.filter((method) => method === "POST")).toHaveLength(10);
    },
  );

  it("is tried on every port: links, platform, stubs, control APIs, databases", () => {
    expect(targets).toHaveLength(18);
  });

  it.each([
    ["another site", HOSTILE_NAME, ["127.0.0.1"]],
    ["another port of its own name, which was rebound", HOSTILE_NAME, [HOSTILE_NAME]],
    ["another port of this machine", "127.0.0.1", ["127.0.0.1"]],
  ] as const)("reads nothing from %s", async (_, origin, hosts) => {
    const findings = await attackAll(origin, hosts);
    expect(findings.filter(({ result }) => result === "read")).toEqual([]);
  });

  it("reads nothing from the very origin of a port, after its name was rebound", async () => {
    const read = (await attackAll("rebound", [HOSTILE_NAME])).filter(({ result }) => result === "read");
    // It may read that it is refused, or this proves nothing.
    expect(read.filter(({ how }) => how === "403").length).toBeGreaterThan(targets.length);
    expect(read.filter((finding) => !isRefusal(finding))).toEqual([]);
  });

  it("has changed nothing", async () => {
    expect(await stateOf(lab)).toEqual(before);
  });
});
