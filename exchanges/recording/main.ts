import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { programEnding, SecretRegistry, systemClock, UsageError } from "../../core/index.ts";
import { allowedUrl } from "../../network/index.ts";
import { recordBinance } from "./record-binance.ts";
import { recordBtcturk } from "./record-btcturk.ts";
import type { RecordedFile, RecordingOptions } from "./recording.ts";

/** The venues' addresses. Nothing is sent to them unless the user allows their hosts by name. */
const VENUES = {
  binance: { webSocketUrl: "wss://stream.binance.com:9443", restUrl: "https://api.binance.com" },
  btcturk: { webSocketUrl: "wss://ws-feed-pro.btcturk.com", restUrl: "" },
} as const;

/** Credentials of the venue's address, which the venue or an error may repeat. */
const secrets = new SecretRegistry();

const LONGEST_SECONDS = 86_400;

function record(args: string[], signal: AbortSignal): Promise<readonly RecordedFile[]> {
  const text = { type: "string" } as const;
  const options = {
    url: text,
    "rest-url": text,
    symbols: { ...text, default: "BTCUSDT" },
    seconds: { ...text, default: "60" },
    out: text,
    "allow-host": { type: "string", multiple: true, default: [] as string[] },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const name = positionals[0];
  if ((name !== "binance" && name !== "btcturk") || positionals.length > 1) {
    throw wrong("unknown-venue", `binance or btcturk, got ${JSON.stringify(positionals.join(" "))}`);
  }
  if (values.out === undefined) throw wrong("no-folder", "a folder for the recording, got no --out");
  const allowed = values["allow-host"];
  for (const address of [values.url, values["rest-url"]]) secrets.registerUrl(address ?? "");
  const recordingOptions: RecordingOptions = {
    webSocketUrl: allowedUrl(values.url ?? VENUES[name].webSocketUrl, ["ws:", "wss:"], allowed),
    allowedHosts: allowed,
    symbols: symbolsIn(values.symbols),
    durationMs: secondsIn(values.seconds) * 1_000,
    folder: resolve(values.out),
    clock: systemClock,
    filter: (text) => secrets.filterRegistered(text),
    signal,
  };
  if (name === "btcturk") return recordBtcturk(recordingOptions);
  const restUrl = allowedUrl(values["rest-url"] ?? VENUES.binance.restUrl, ["http:", "https:"], allowed);
  return recordBinance({ ...recordingOptions, restUrl });
}

function symbolsIn(text: string): readonly string[] {
  const symbols = [...new Set(text.toUpperCase().split(","))];
  if (symbols.every((symbol) => /^[A-Z0-9]{2,20}$/.test(symbol))) return symbols;
  throw wrong("bad-symbols", `symbols as in BTCUSDT,ETHUSDT, got ${JSON.stringify(text)}`);
}

function secondsIn(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && seconds <= LONGEST_SECONDS) return seconds;
  throw wrong("bad-seconds", `--seconds above 0 and at most ${LONGEST_SECONDS}, got ${JSON.stringify(text)}`);
}

function wrong(code: string, expected: string): UsageError {
  return new UsageError({ code, message: `Expected ${expected}.`, nextStep: "See kanit record --help." });
}

function end(error: unknown): void {
  const { exitCode, text } = programEnding(error);
  process.stderr.write(`${secrets.filter(text)}\n`);
  process.exitCode = exitCode;
}

process.on("uncaughtException", (error) => {
  end(error);
  process.exit();
});
const interruption = new AbortController();
for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => interruption.abort());

try {
  const files = await record(process.argv.slice(2), interruption.signal);
  process.stdout.write(`${JSON.stringify({ event: "recorded", files })}\n`);
} catch (error) {
  end(error);
}
