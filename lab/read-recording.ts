import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { UsageError } from "../core/index.ts";
import { ownModule } from "../installation/index.ts";
import type { Market } from "./market.ts";

const SYNTHETIC = "synthetic";
const INSPECTION_LIMIT_MS = 60_000;
const inspection = z.object({ event: z.literal("tape"), symbols: z.array(z.string()) });

/**
 * The market that these recordings are, and the symbols in it, as the stubs read them; `synthetic` alone is none.
 *
 * @throws UsageError `unplayable-tape` in the words of the stubs, before anything was started.
 */
export async function readMarket(tapes: readonly string[], snapshots: readonly string[]): Promise<Market> {
  if (tapes.every((tape) => tape === SYNTHETIC) && snapshots.length === 0) return { kind: "synthetic" };
  const paths = tapes.map((tape) => (tape === SYNTHETIC ? tape : resolve(tape)));
  const files = snapshots.map((path) => resolve(path));
  const symbols = await inspect(tapeArguments(paths, files));
  return { kind: "recording", paths, snapshots: files, symbols };
}

/** The stubs' arguments for recordings. */
export function tapeArguments(paths: readonly string[], snapshots: readonly string[]): readonly string[] {
  return [...paths.flatMap((path) => ["--tape", path]), ...snapshots.flatMap((path) => ["--snapshot", path])];
}

function inspect(words: readonly string[]): Promise<readonly string[]> {
  const script = fileURLToPath(ownModule("../exchanges/main.ts", import.meta.url));
  const program = ["--no-warnings", script, "--inspect-tape", ...words];
  return new Promise((done, fail) => {
    execFile(process.execPath, program, { timeout: INSPECTION_LIMIT_MS }, (cause, stdout, stderr) => {
      if (cause === null) return done(inspection.parse(JSON.parse(stdout)).symbols);
      const [, said] = /^kanit: (.*)$/m.exec(stderr) ?? [];
      return fail(
        new UsageError({
          code: "unplayable-tape",
          message:
            said ??
            `Expected recordings that the stubs can play, got ${stderr.slice(-500) || cause.message}.`,
          nextStep: "Correct --tape or KANIT_TAPE, or use --tape synthetic.",
          cause,
        }),
      );
    });
  });
}
