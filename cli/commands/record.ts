import { relative } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import type { CommandContext } from "../context.ts";
import { makeOutputFolder } from "../output-folder.ts";
import { collect, nonEmpty, positiveNumber } from "../parse-arguments.ts";
import { runProgram } from "../run-program.ts";

const recorded = z.object({
  event: z.literal("recorded"),
  files: z.array(z.object({ path: z.string(), frames: z.number() })),
});

const LONGEST_RECORDING_SECONDS = 86_400;

interface RecordFlags {
  readonly url?: string;
  readonly restUrl?: string;
  readonly symbols: string;
  readonly seconds: number;
  readonly out: string;
  readonly allowHost: readonly string[];
}

const EXAMPLE = `
Public streams only; a venue's own host must be allowed by name:
  kanit record binance --symbols BTCUSDT,ETHUSDT --seconds 300 --out tapes \\
    --allow-host stream.binance.com --allow-host api.binance.com
  kanit up --tape tapes`;

/** `kanit record <venue>`: captures a session into the format of the tapes. */
export function addRecordCommand(program: Command, context: CommandContext): void {
  program
    .command("record")
    .description("record a venue's public streams as a market tape")
    .argument("<venue>", "binance or btcturk")
    .requiredOption("--out <folder>", "the folder for the files", nonEmpty)
    .option("--symbols <list>", "as in BTCUSDT,ETHUSDT", nonEmpty, "BTCUSDT")
    .option("--seconds <n>", "for how long", positiveNumber(LONGEST_RECORDING_SECONDS), 60)
    .option("--url <url>", "the venue's WebSocket (default: its own)", nonEmpty)
    .option(
      "--rest-url <url>",
      "Binance's REST interface, for the depth snapshot (default: its own)",
      nonEmpty,
    )
    .option("--allow-host <name>", "allow this host, which is not this machine; repeatable", collect, [])
    .addHelpText("after", EXAMPLE)
    .action((venue: string, flags: RecordFlags) => record(venue, flags, context));
}

function record(
  venue: string,
  { url, restUrl, symbols, seconds, out, allowHost }: RecordFlags,
  context: CommandContext,
): Promise<void> {
  const words = [
    `--out=${makeOutputFolder(out, "--out")}`,
    `--symbols=${symbols}`,
    `--seconds=${seconds}`,
    ...(url === undefined ? [] : [`--url=${url}`]),
    ...(restUrl === undefined ? [] : [`--rest-url=${restUrl}`]),
    ...allowHost.map((host) => `--allow-host=${host}`),
  ];
  context.output.status(`recording ${venue} for ${seconds} s …`);
  return runProgram(
    {
      script: "exchanges/recording/main.ts",
      arguments: [...words, "--", venue],
      hasFailed: () => false,
      onLine: (line) => {
        const { files } = recorded.parse(JSON.parse(line));
        context.output.result({ files });
        for (const { path, frames } of files) {
          context.output.line(`recorded ${frames} frames to ${relative(process.cwd(), path)}`);
        }
      },
    },
    context,
  );
}
