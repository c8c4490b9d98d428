import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandLine, openCommandLine } from "./testing/command-line.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
let kanit: CommandLine;
let folder = "";
beforeAll(async () => {
  kanit = await openCommandLine();
  folder = await mkdtemp(join(tmpdir(), "kanit-usage-"));
  await writeFile(join(folder, "broken.yml"), "name: [\n");
  await writeFile(join(folder, "nothing.json"), "null");
  await writeFile(join(folder, "empty.json"), '{"components":[]}');
  // Takes no space on the disk.
  await writeFile(join(folder, "large.json"), "");
  await truncate(join(folder, "large.json"), 3 * 2 ** 30);
  await promisify(execFile)("mkfifo", [join(folder, "pipe")]);
});
afterAll(async () => {
  await kanit[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** One line on standard error, nothing on standard output, and no source location. */
async function refused(words: string, exitCode: number): Promise<string> {
  const args = words.split(" ").map((word) => word.replace("FOLDER", folder));
  const ended = await kanit.run(args);
  expect(ended, words).toMatchObject({ exitCode, stdout: "" });
  expect(ended.stderr, words).toMatch(/^kanit: [^\n]+\n$/);
  expect(ended.stderr).not.toMatch(/\.ts:\d+/);
  return ended.stderr;
}

describe.concurrent("an invalid command line is refused in one line:", () => {
  it.for([
    ["frobnicate", "unknown command 'frobnicate'"],
    ["stat", "Did you mean"],
    ["list everything", 'Expected the name of a scenario, got "everything"'],
    ["run", "Expected scenarios to run, got none"],
    ["run --tag nope", "Expected scenarios tagged nope"],
    ["run no-such-scenario", "Known are steady-state"],
    ["run steady-state --no-such-option", "unknown option '--no-such-option'"],
    ["run steady-state --seed one", "Expected a whole number"],
    ["run steady-state --profile weekly", "Allowed choices are short, nightly"],
    ["run steady-state --time-scale 0", "Expected a number above 0"],
    ["run steady-state --tape FOLDER/none.jsonl", "there is no such file"],
    ["run steady-state --sed 4", "kanit run --help"],
    ["load saturate --foo", "kanit load saturate --help"],
    ["run steady-state --platform FOLDER/none.yml", "Expected a platform definition"],
    ["run steady-state --platform FOLDER/broken.yml", "Expected a platform definition"],
    ["up --env NAME", "Expected NAME=value"],
    ["up --port api=0", "Expected a port from 1 to 65535"],
    ["up --port nowhere=80", "Known links are api"],
    ["inject nowhere latency latency=5", 'got "nowhere"'],
    ["inject postgres gremlins", 'got "gremlins"'],
    ["inject postgres latency latency=slow", 'got "slow"'],
    ["inject postgres latency latency=5 color=red", 'got "color"'],
    ["inject postgres hold-connections connections=1", "lasts only as long as its command"],
    ["heal", "there is none"],
    ["status --lab ab12", "there is none"],
    ["down --lab ab12", "there is none"],
    ["blast", "missing required argument 'url'"],
    ["blast http://127.0.0.1:1 v1 soon", "Expected a number above 0"],
    ["blast ftp://127.0.0.1 v1 1", "Write it as http://"],
    ["blast http://127.0.0.1:1 v1 1 --health-path //evil.example/", "Expected a path on 127.0.0.1:1"],
    ["blast http://127.0.0.1:1 v1 1 --metrics-path http://evil.example/", "Expected a path on 127.0.0.1:1"],
    ["blast http://127.0.0.1:1 ../v1 1", "Expected the name of a release"],
    ["canary ../v1 --plan", "Expected the name of a release"],
    ["explore --resume FOLDER", "Expected the folder of an exploration"],
    ["up --port api=22=3", "Expected a port from 1 to 65535"],
    ["export grafana --out FOLDER/none/x.json", "a file in an existing folder"],
    ["blast http://127.0.0.1:1 v1 1000000000", "up to 3600"],
    ["run steady-state --tape FOLDER/pipe", "it is a pipe, a device or a socket"],
    ["run steady-state --tape /dev/zero", "it is a pipe, a device or a socket"],
    ["run steady-state --tape /proc/self/maps", "the file is empty"],
    ["run steady-state --platform FOLDER", "it is a folder"],
    ["up --platform FOLDER/pipe", "it is a pipe, a device or a socket"],
    ["load --url http://127.0.0.1:1 --arrivals FOLDER/pipe", "it is a pipe, a device or a socket"],
    ["load --arrivals FOLDER/none.csv --url http://127.0.0.1:1", "there is no such file"],
    ["scan --before FOLDER/pipe", "it is a pipe, a device or a socket"],
    ["scan --before FOLDER/large.json", "at most 64 MiB are read"],
    ["scan --before FOLDER/broken.yml", "Expected a bill of materials as JSON"],
    ["scan --before FOLDER/nothing.json", "Expected a bill of materials as JSON"],
    ["scan --before FOLDER/empty.json", "Expected a bill of materials as JSON"],
    ["keys new a --passphrase-file FOLDER/large.json", "more than the 65536 that are read"],
    ["export prometheus --out FOLDER", "Expected --out to be a file"],
    ["export prometheus --out FOLDER/broken.yml/x", "Expected --out to be a file"],
    ["verify FOLDER", "Expected the folder of a run"],
  ] as const)("kanit %s", async ([words, reason]) => {
    expect(await refused(words, 64)).toContain(reason);
  });

  it("a host that is not allowed is refused as unsafe", async () => {
    expect(await refused("blast http://canary.example.com v1 1", 77)).toContain(
      "--allow-host canary.example.com",
    );
  });

  it("evidence that could not be written is refused before anything is probed", async () => {
    const words = "blast http://127.0.0.1:1 v1 1 --archive FOLDER/broken.yml";
    expect(await refused(words, 69)).toContain("broken.yml");
  });

  it.each([
    "run steady-state --out FOLDER/broken.yml",
    "up --out /proc/nowhere",
    "record binance --out /proc/nowhere --seconds 1",
    "blast http://127.0.0.1:1 v1 1 --archive /proc/nowhere",
  ])("a folder for results that cannot be made is found before anything starts: %s", async (words) => {
    expect(await refused(words, 69)).toContain("Expected a folder that can be made and written to");
  });

  it("a working folder that was removed is reported as missing", async () => {
    const gone = join(folder, "gone");
    await mkdir(gone);
    const words = ["-c", 'cd "$1" && rmdir "$1" && exec "$2" "$3" list', "sh", gone, process.execPath, MAIN];
    const ended = await promisify(execFile)("/bin/sh", words).catch((error: object) => error);
    expect(ended).toMatchObject({ code: 69, stdout: "" });
    expect(ended).toHaveProperty(
      "stderr",
      expect.stringMatching(/^kanit: Expected a working folder[^\n]+\n$/),
    );
  });

  it("a temporary folder that cannot be used is reported as missing, not as a defect", async () => {
    const { exitCode, stderr } = await kanit.run(["status"], { TMPDIR: join(folder, "broken.yml") });
    expect(exitCode).toBe(69);
    expect(stderr).toMatch(/^kanit: [^\n]*ENOTDIR[^\n]+TMPDIR[^\n]+\n$/);
  });

  it("a defect of kanit itself is reported with its place, and is not a verdict", async () => {
    const breakLines = "String.prototype.padEnd = () => { throw new TypeError('planted') }";
    const { exitCode, stderr } = await kanit.run(["list"], {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(breakLines)}`,
    });
    expect(exitCode).toBe(70);
    expect(stderr).toMatch(/^kanit: internal error\..*\nTypeError: planted\n(.*\n)*.*\.ts:\d+/);
  });
});

describe.concurrent("a command that only prints ends with 0:", () => {
  it("list names every scenario with its hypothesis", async () => {
    const { exitCode, stdout } = await kanit.run(["list"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^steady-state +Without any fault/);
    expect(stdout).toMatch(/^binance-ack-lost +\S/m);
  });

  it("help lists the commands and the exit codes", async () => {
    const { exitCode, stdout } = await kanit.run(["--help"]);
    expect(exitCode).toBe(0);
    for (const name of [
      "start",
      "run",
      "list",
      "up",
      "status",
      "inject",
      "heal",
      "down",
      "blast",
      "verify",
    ]) {
      expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, "m"));
    }
    expect(stdout).toContain("77 refused as unsafe");
  });

  it.for(["status", "down"])("%s without a lab reports that there is none", async (command) => {
    const { exitCode, stdout } = await kanit.run([command]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^No lab is running/);
  });
});
