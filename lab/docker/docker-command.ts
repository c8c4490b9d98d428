import { type ChildProcess, execFile } from "node:child_process";
import { UnavailableError } from "../../core/index.ts";

const OUTPUT_LIMIT_BYTES = 32 * 1024 * 1024;
const MESSAGE_LINES = 4;
const LINE_LENGTH_LIMIT = 200;
/** The limits of what is quoted from a program's output. */
const VERBS: ReadonlySet<string> = new Set([
  "build",
  "exec",
  "inspect",
  "ls",
  "rm",
  "run",
  "start",
  "stop",
  "up",
]);

/** How to run a program until it exits. */
export interface CommandOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  readonly signal: AbortSignal | null;
}

/**
 * Runs `docker` or Compose until it exits and returns its standard output.
 *
 * @throws UnavailableError that names what is missing: `no-docker`, `docker-denied`, `docker-unreachable`,
 *   `image-missing`, `port-taken`, or `docker-failed` with the program's own last lines.
 */
export function runDocker(
  [program, ...args]: readonly [string, ...string[]],
  { environment, workingDirectory, signal }: CommandOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      {
        env: { ...environment },
        cwd: workingDirectory,
        maxBuffer: OUTPUT_LIMIT_BYTES,
        ...(signal === null ? {} : { signal }),
      },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        // Only after the program has ended: what it still creates would otherwise be created after
        // the removal of everything.
        else if (signal?.aborted) afterExit(child, () => reject(signal.reason));
        else reject(explainDockerFailure(program, args, error, `${stdout}\n${stderr}`));
      },
    );
  });
}

function afterExit(child: ChildProcess, then: () => void): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) then();
  else child.once("exit", then);
}

interface Explanation {
  readonly code: string;
  readonly pattern: RegExp;
  readonly expected: string;
  readonly nextStep: string;
}

// In the words of the engine and of both versions of Compose.
const EXPLANATIONS: readonly Explanation[] = [
  {
    code: "docker-denied",
    pattern: /permission denied.*(docker|socket)|PermissionError/is,
    expected: "Expected access to the Docker engine, but its socket refuses this user",
    nextStep: "Add the user to the group docker, or use --runtime local, which needs no Docker.",
  },
  {
    code: "docker-unreachable",
    pattern:
      /cannot connect to the docker daemon|couldn't connect to docker daemon|connection refused.*docker|docker daemon.*not running|Error while fetching server API version|error during connect/is,
    expected: "Expected a Docker engine that answers, but there is none",
    nextStep: "Start it, or correct DOCKER_HOST, or use --runtime local, which needs no Docker.",
  },
  {
    code: "port-taken",
    pattern: /port is already allocated|address already in use|bind for .* failed|ports are not available/i,
    expected: "Expected the lab's ports to be free, but one is taken",
    nextStep: "Name another with --port, or omit it to take any free port.",
  },
  {
    code: "image-missing",
    pattern:
      /pull access denied|manifest (for .* not found|unknown)|no such image|failed to resolve (reference|source)|repository .* not found|not found: manifest|unable to find image|TLS handshake|dial tcp: lookup|i\/o timeout|pull rate limit|Client\.Timeout/i,
    expected: "Expected an image that exists locally or can be pulled, but neither is so",
    nextStep: "Check the image's name and access to its registry; docs/runtimes.md lists the images.",
  },
];

/** Turns the failure of a Docker program into one error that says what to do. */
export function explainDockerFailure(
  program: string,
  args: readonly string[],
  error: Error & { readonly code?: number | string | null | undefined },
  output: string,
): UnavailableError {
  if (error.code === "ENOENT") {
    return new UnavailableError({
      code: "no-docker",
      message: `Expected the program ${program}, but it is not installed.`,
      nextStep:
        "Install Docker (https://docs.docker.com/engine/install), or use --runtime local, which needs none.",
      cause: error,
    });
  }
  const known = EXPLANATIONS.find(({ pattern }) => pattern.test(output));
  if (known !== undefined) {
    const { code, expected, nextStep, pattern } = known;
    // Both versions of Compose print the message more than once, each time inside more of their own words.
    const line = output.split("\n").findLast((each) => pattern.test(each)) ?? lastLines(output);
    const said = line.trim().slice(-LINE_LENGTH_LIMIT).replace(/[.?]$/, "");
    return new UnavailableError({ code, message: `${expected}: ${said}.`, nextStep, cause: error });
  }
  const verb = args.find((word) => VERBS.has(word)) ?? args[0] ?? "";
  return new UnavailableError({
    code: "docker-failed",
    message: `Expected \`${program} … ${verb}\` to succeed, got: ${lastLines(output)}.`,
    nextStep: "Its last output shows the reason.",
    cause: error,
  });
}

function lastLines(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  const relevant = lines.filter(
    (line) => line !== "" && !/^(Creating|Removing|Sending build|DEPRECATED)/.test(line),
  );
  return relevant.slice(-MESSAGE_LINES).join(" | ").replace(/[.?]$/, "") || "nothing";
}
