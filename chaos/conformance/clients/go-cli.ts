import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import type { StartedEngine } from "../engines/engine.ts";

/** One command line of `toxiproxy-cli`, with its output and exit code against Toxiproxy. */
interface CliStep {
  readonly command: readonly string[];
  readonly exitCode: number;
  /** Randomly chosen ports are replaced by PORT. */
  readonly prints: string;
}

const CREATE = ["create", "--listen", "127.0.0.1:0", "--upstream", "127.0.0.1:9", "orders"];
const LIST = { command: ["list"], exitCode: 0 } as const;
const INSPECT = { command: ["inspect", "orders"], exitCode: 0 } as const;

const STEPS: readonly CliStep[] = [
  { ...LIST, prints: "" },
  { command: CREATE, exitCode: 0, prints: "Created new proxy orders\n" },
  {
    command: CREATE,
    exitCode: 1,
    prints: "Failed to create proxy: Create: HTTP 409: proxy already exists\n\n",
  },
  { ...LIST, prints: "orders\t127.0.0.1:PORT\t127.0.0.1:9\tenabled\t0\n" },
  { command: ["toggle", "orders"], exitCode: 0, prints: "Proxy orders is now disabled\n" },
  { ...LIST, prints: "orders\t127.0.0.1:PORT\t127.0.0.1:9\tdisabled\t0\n" },
  { command: ["toggle", "orders"], exitCode: 0, prints: "Proxy orders is now enabled\n" },
  {
    command: [
      "toxic",
      "add",
      "-t",
      "latency",
      "-n",
      "slow",
      "-a",
      "latency=100",
      "-a",
      "jitter=50",
      "orders",
    ],
    exitCode: 0,
    prints: "Added downstream latency toxic 'slow' on proxy 'orders'\n",
  },
  {
    command: [
      "toxic",
      "add",
      "-t",
      "bandwidth",
      "--upstream",
      "--toxicity",
      "0.5",
      "-a",
      "rate=10",
      "orders",
    ],
    exitCode: 0,
    prints: "Added upstream bandwidth toxic 'bandwidth_upstream' on proxy 'orders'\n",
  },
  {
    ...INSPECT,
    prints:
      "bandwidth_upstream\ttype=bandwidth\tstream=upstream\ttoxicity=0.50\tattributes=[\trate=10\t]\n" +
      "slow\ttype=latency\tstream=downstream\ttoxicity=1.00\tattributes=[\tjitter=50\tlatency=100\t]\n",
  },
  {
    command: ["toxic", "update", "-n", "slow", "-a", "jitter=25", "--toxicity", "0.25", "orders"],
    exitCode: 0,
    prints: "Updated toxic 'slow' on proxy 'orders'\n",
  },
  {
    command: ["toxic", "delete", "-n", "bandwidth_upstream", "orders"],
    exitCode: 0,
    prints: "Removed toxic 'bandwidth_upstream' on proxy 'orders'\n",
  },
  {
    ...INSPECT,
    prints: "slow\ttype=latency\tstream=downstream\ttoxicity=0.25\tattributes=[\tjitter=25\tlatency=100\t]\n",
  },
  { command: ["delete", "orders"], exitCode: 0, prints: "Deleted proxy orders\n" },
  { ...LIST, prints: "" },
];

/**
 * Controls the engine with Shopify's own command line tool, unmodified.
 *
 * @throws AssertionError at the first difference.
 */
export async function driveByGoCli(engine: StartedEngine, program: string): Promise<void> {
  for (const { command, exitCode, prints } of STEPS) {
    const got = await runCli(program, ["--host", engine.url, ...command]);
    assert.deepEqual({ command, ...got }, { command, exitCode, prints });
  }
}

function runCli(program: string, args: readonly string[]): Promise<Omit<CliStep, "command">> {
  return new Promise((resolve) => {
    const child = execFile(program, args, (_error, stdout, stderr) =>
      resolve({
        exitCode: child.exitCode ?? -1,
        prints: (stdout + stderr).replace(/127\.0\.0\.1:\d{4,5}/g, "127.0.0.1:PORT"),
      }),
    );
  });
}
