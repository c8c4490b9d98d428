import { parseArgs } from "node:util";
import { KanitError, RefusedError, UsageError } from "../../core/index.ts";
import type { LinkFence } from "./link-fence.ts";

/** What the fault proxy's command line asks for. */
export type ProxyCommand = { readonly kind: "version" } | ({ readonly kind: "serve" } & ServeOptions);

interface ServeOptions {
  readonly port: number;
  readonly seed: number;
  readonly fence: LinkFence;
  readonly strict: boolean;
  /** A file with the links to begin with, as for `POST /populate`; null: none. */
  readonly configFile: string | null;
}

const OPTIONS = {
  port: { type: "string", default: "8474" },
  seed: { type: "string", default: "0" },
  host: { type: "string", default: "localhost" },
  config: { type: "string" },
  strict: { type: "boolean", default: false },
  version: { type: "boolean", default: false },
  "loopback-only": { type: "boolean", default: false },
  "allow-host": { type: "string", multiple: true },
  // Toxiproxy's switches for metrics that are always on here.
  "proxy-metrics": { type: "boolean", default: false },
  "runtime-metrics": { type: "boolean", default: false },
} as const;

const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1"]);

/**
 * Reads the command line: `toxiproxy-server`'s options, with one dash or two, and our own.
 *
 * @throws UsageError for an unknown option or a value out of range; RefusedError for a host that is not loopback.
 */
export function readCommandLine(args: readonly string[]): ProxyCommand {
  const values = parse(args);
  if (values.version) return { kind: "version" };
  if (!LOOPBACK.has(values.host)) {
    throw new RefusedError({
      code: "host-not-loopback",
      message: `Expected --host to be localhost, since the control API changes traffic for whoever reaches it, got ${JSON.stringify(values.host.slice(0, 80))}.`,
      nextStep: "Omit --host; reach the API of another machine through a tunnel.",
    });
  }
  const allowedHosts = values["allow-host"] ?? [];
  return {
    kind: "serve",
    port: wholeNumber("port", values.port),
    seed: wholeNumber("seed", values.seed),
    fence: values["loopback-only"] ? { kind: "loopback", allowedHosts } : { kind: "open" },
    strict: values.strict,
    configFile: values.config ?? null,
  };
}

function parse(args: readonly string[]) {
  try {
    // Go's flags have one dash: `-config FILE`.
    return parseArgs({ args: args.map((arg) => arg.replace(/^-(?=[a-z]{2})/, "--")), options: OPTIONS })
      .values;
  } catch (error) {
    if (error instanceof KanitError) throw error;
    const names = Object.keys(OPTIONS).map((name) => `--${name}`);
    throw new UsageError({
      code: "bad-option",
      message: `Expected the options ${names.join(", ")}, got: ${(error as Error).message.split("\n")[0]?.slice(0, 200)}.`,
      nextStep: "For example: --port 0 --seed 1.",
      cause: error,
    });
  }
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new UsageError({
    code: "bad-option",
    message: `Expected a whole number for --${option}, got ${JSON.stringify(text.slice(0, 80))}.`,
    nextStep: "Give --port (0: any free one) and --seed as numbers of at least 0.",
  });
}
