import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LINK_NAMES } from "../lab/index.ts";
import { type CommandLine, openCommandLine, type RunningCommand } from "./testing/command-line.ts";

const PATIENCE_MS = 180_000;

let kanit: CommandLine;
let up: RunningCommand;
let labId = "";
let api = "";

async function startLab(): Promise<{ readonly command: RunningCommand; readonly id: string }> {
  const command = kanit.start(["up", "--tape", "synthetic"]);
  await command.until(/Ctrl-C stops it/);
  const [, id = ""] = await command.until(/^lab (\S+) ready/);
  return { command, id };
}

async function said(...args: readonly string[]): Promise<string> {
  const ended = await kanit.run(args);
  expect(ended, args.join(" ")).toMatchObject({ exitCode: 0, stderr: "" });
  return ended.stdout;
}

/** What `status` prints about a link after its addresses. */
async function stateOf(link: string): Promise<string | undefined> {
  return new RegExp(`^  ${link} +\\S+ +→ \\S+ +(.*)$`, "m").exec(await said("status"))?.[1];
}

beforeAll(async () => {
  kanit = await openCommandLine();
  const lab = await startLab();
  up = lab.command;
  labId = lab.id;
  api = /platform +(\S+)/.exec(up.said())?.[1] ?? "";
}, PATIENCE_MS);
afterAll(async () => {
  await kanit[Symbol.asyncDispose]();
}, PATIENCE_MS);

describe("a lab controlled by hand", { timeout: PATIENCE_MS }, () => {
  it("prints the addresses of everything", async () => {
    for (const link of LINK_NAMES)
      expect(up.said()).toMatch(new RegExp(`link ${link} +127\\.0\\.0\\.1:\\d+`));
    expect((await fetch(new URL("/api/healthz", api))).status).toBe(200);
    for (const name of ["dashboard", "metrics"]) {
      const url = new RegExp(`${name} +(\\S+)`).exec(up.said())?.[1] ?? "";
      expect((await fetch(url)).status, name).toBe(200);
    }
  });

  it("is listed in other terminals, with every link clean", async () => {
    const status = await said("status");
    expect(status).toContain(`lab ${labId}`);
    for (const link of LINK_NAMES) expect(status).toMatch(new RegExp(`^  ${link} .* clean$`, "m"));
  });

  it("is GO for a release while it is healthy, unless other programs fill the machine", async () => {
    const evidence = `${kanit.temporaryDirectory}/evidence`;
    const { exitCode, stdout } = await kanit.run(["blast", api, "v1", "6.5", "--archive", evidence]);
    expect([0, 2], stdout).toContain(exitCode);
    expect(stdout).toMatch(exitCode === 0 ? /^GO {2}v1 at http/ : /other programs used \d+ % of the machine/);
    expect(stdout).toContain("micro_blast_v1.log");
  });

  it("concludes nothing from a second of probing", async () => {
    const evidence = `${kanit.temporaryDirectory}/evidence`;
    const { exitCode, stdout } = await kanit.run(["blast", api, "v1", "1", "--archive", evidence]);
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/^BLOCK \(inconclusive/);
  });

  it("injects a fault by Toxiproxy's names and units, lists it, and heals it", async () => {
    expect(await said("inject", "postgres", "latency", "latency=300", "jitter=20")).toContain(
      "latency of 300 ms ± 20 ms on postgres",
    );
    expect(await stateOf("postgres")).toBe("latency latency=300 jitter=20 downstream");
    await said("inject", "binance-ws", "down");
    expect(await stateOf("binance-ws")).toBe("down");
    expect(await stateOf("api")).toBe("clean");
    await said("heal");
    expect(await stateOf("postgres")).toBe("clean");
    expect(await stateOf("binance-ws")).toBe("clean");
  });

  it("lists a fault with its description, and also heals an exchange's misbehavior", async () => {
    await said("inject", "binance-rest", "http_answer", "path=^/never$", "headers=Retry-After: 2");
    expect(await stateOf("binance-rest")).toBe(
      "http_answer path=^/never$ share=1 per=proxy status=503 headers=Retry-After: 2 downstream",
    );
    await said("venue", "btcturk", "misbehave", "html-504");
    expect(await said("status")).toContain("  btcturk misbehaves: html-504, happened 0 times\n");
    await said("heal");
    expect(await stateOf("binance-rest")).toBe("clean");
    expect(await said("status")).not.toContain("misbehaves");
  });

  it("changes a fault that is injected again, with its time", async () => {
    await said("inject", "postgres", "latency", "latency=300", "--for", "10m");
    const changed = await said("inject", "postgres", "latency", "latency=70", "jitter=5");
    expect(changed).toContain("in place of the one that was there");
    expect(await stateOf("postgres")).toBe("latency latency=70 jitter=5 downstream");
    await said("inject", "bist-ws", "down");
    expect(await said("inject", "bist-ws", "down")).toContain("in place of");
    await said("inject", "postgres", "latency", "latency=9", "stream=upstream");
    expect(await stateOf("postgres")).toContain("; ");
    await said("heal");
  });

  it("heals what is named, and leaves the rest", async () => {
    await said("inject", "postgres", "latency", "latency=300");
    await said("inject", "binance-rest", "latency", "latency=300");
    await said("inject", "binance-rest", "slow-close", "delayMs=300");
    await said("inject", "bist-ws", "down");
    await said("venue", "binance", "misbehave", "ack-lost");
    expect(await said("heal", "slow-close")).toContain("slow_close_downstream on binance-rest");
    expect(await said("heal", "ack-lost")).toContain("ack-lost at binance");
    expect(await said("heal", "bist-ws")).toContain("down on bist-ws");
    expect(await said("heal", "bist-ws")).toContain("had no fault of bist-ws");
    expect(await stateOf("binance-rest")).toBe("latency latency=300 downstream");
    await said("heal", "latency");
    expect(await stateOf("postgres")).toBe("clean");
    expect(await stateOf("binance-rest")).toBe("clean");
    expect(await kanit.run(["heal", "oracle"])).toMatchObject({ exitCode: 64 });
  });

  it("shows the session of each venue", async () => {
    const status = await said("status");
    expect(status).toMatch(/^ {2}venue binance +tape playing, \d+ open orders, \d+ fills$/m);
    expect(status).toMatch(/^ {2}venue bist +tape playing, session [a-z-]+$/m);
  });

  it("injects a fault for a time, lists its owner, and heals it after that time", async () => {
    expect(await said("inject", "bist-ws", "down", "--for", "8s")).toContain("bist-ws down in lab");
    expect(await said("status")).toMatch(
      /bist-ws .* down\n[\s\S]*lease of kanit inject, process \d+: .* left/,
    );
    await expect.poll(() => stateOf("bist-ws"), { timeout: 20_000, interval: 200 }).toBe("clean");
    expect(await said("status")).not.toContain("lease of");
    for (const wrong of ["10ms", "25h", "soon"]) {
      expect((await kanit.run(["inject", "bist-ws", "down", "--for", wrong])).exitCode, wrong).toBe(64);
    }
  });

  it("makes an exchange misbehave, shows how often it did, and stops it", async () => {
    expect(await said("venue", "binance", "status")).toBe(
      "binance: tape playing, 0 open orders, 0 fills\n  behaves\n",
    );
    expect(await said("venue", "binance", "misbehave", "ack-lost", "every=3")).toBe(
      "binance: ack-lost every=3 acts=place, happened 0 times\n",
    );
    const skewed = await said("venue", "btcturk", "misbehave", "clock-skew", "skewMs=-5000", "ttlMs=60000");
    expect(skewed).toMatch(
      /^btcturk: clock-skew every=1 skewMs=-5000, happened 0 times, expires in 1 min\n$|59\.\d s/,
    );
    expect(await said("venue", "binance", "status")).toContain(
      "\n  ack-lost every=3 acts=place, happened 0 times\n",
    );
    expect(await said("venue", "binance", "behave", "ack-lost")).toBe(
      "binance: ack-lost off, happened 0 times\n",
    );
    expect(await said("venue", "btcturk", "behave")).toMatch(
      /^(btcturk: clock-skew off, .*\n)?btcturk behaves\.\n$/,
    );
    expect(await said("venue", "bist", "session", "closing-auction")).toBe("bist: closing-auction\n");
    expect(await said("venue", "bist", "session", "continuous")).toBe("bist: continuous\n");
    expect(await said("venue", "binance", "pause")).toBe("the market tape is paused, for all venues.\n");
    expect(await said("venue", "bist", "status")).toMatch(/^bist: tape paused, continuous\n/);
    expect(await said("venue", "binance", "resume")).toBe("the market tape is resumed, for all venues.\n");
  });

  it.each([
    [["kraken", "status"], /Expected a known path .*got \/venues\/kraken/],
    [["binance", "misbehave", "sulk"], /Expected a known misbehavior \(ack-lost, .*got sulk/],
    [["binance", "misbehave", "ip-ban", "banMs=long"], /banMs/],
    [["binance", "misbehave"], /the name of a misbehavior after misbehave, got nothing/],
    [["binance", "sulk"], /Known are misbehave, behave/],
    [["binance", "misbehave", "gap", "every"], /Expected key=value, got "every"/],
  ])("reports what is wrong with kanit venue %j", async (args, message) => {
    const { exitCode, stderr } = await kanit.run(["venue", ...args]);
    expect([exitCode, stderr]).toEqual([64, expect.stringMatching(message)]);
  });

  // A slow Postgres would be excused where other tests fill the machine meanwhile.
  it("is BLOCK for a release while Postgres is away", async () => {
    await said("inject", "postgres", "down");
    const evidence = `${kanit.temporaryDirectory}/evidence`;
    const { exitCode, stdout } = await kanit.run(["blast", api, "v2", "6.5", "--archive", evidence]);
    await said("heal");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^BLOCK {2}v2 at http/);
    expect(stdout).toMatch(/fail +success rate/);
  });

  it("has to be named when two run, and each is stopped from another process", async () => {
    const second = await startLab();
    const status = await said("status");
    for (const id of [labId, second.id]) expect(status).toContain(`lab ${id}`);

    const unnamed = await kanit.run(["down"]);
    expect(unnamed.exitCode).toBe(64);
    expect(unnamed.stderr).toMatch(/^kanit: Expected one running lab, but these run: .*--lab <id>\.\n$/);
    expect((await kanit.run(["heal", "--lab", "none"])).exitCode).toBe(64);

    await said("inject", "api", "latency", "latency=5", "--lab", second.id);
    expect(await said("status", "--lab", labId)).not.toContain("latency=5");
    expect(await said("down", "--lab", second.id)).toContain(`lab ${second.id} is down`);
    expect((await second.command.ended).exitCode).toBe(0);

    expect(await said("down")).toContain(`lab ${labId} is down`);
    expect((await up.ended).exitCode).toBe(0);
    expect(await kanit.leftovers()).toEqual([]);
    expect(await said("status")).toMatch(/^No lab is running/);
  });
});
