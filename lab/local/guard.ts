import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

// Passed as text: a user that root drops to may not be able to read a file of this checkout.
const GUARD = readFileSync(fileURLToPath(new URL("guard.sh", import.meta.url)), "utf8");

/**
 * The command line that runs a program for as long as its standard input stays open; it is for one start. It must
 * become the leader of a session of its own.
 *
 * @param stopSignal for an immediate, orderly end.
 * @param group the control group of its lab; `-` for none.
 */
export function guarded(
  command: readonly [string, ...string[]],
  stopSignal: "TERM" | "QUIT",
  group: string,
): readonly [string, ...string[]] {
  return ["/bin/sh", "-c", GUARD, "guard.sh", stopSignal, randomUUID(), group, ...command];
}
