import { createHash } from "node:crypto";
import type { GateFiling } from "../../engine/filing.ts";
import type { FiledOfRelease } from "../../engine/target.ts";
import type { FiledSpot } from "../stability-report.ts";

/** The archive of a release in memory, as it is after several processes have filed into it. */
export interface NightArchive {
  readonly files: Map<string, string>;
  readonly evidence: FiledOfRelease;
  readonly openFiling: () => Promise<GateFiling>;
  readonly filedSpots: () => Promise<readonly FiledSpot[]>;
}

/** Starts it. Files are there when a filing has ended, all of them or none. */
export function nightArchive(nowMs: () => number): NightArchive {
  const files = new Map<string, string>();
  return {
    files,
    evidence: async (name) => {
      const text = files.get(name);
      return text === undefined ? null : { text, commit: null, target: "", atMs: nowMs() };
    },
    openFiling: async () => {
      const staged = new Map<string, string>();
      return {
        folder: "memory",
        file: async ({ text, ...file }) => {
          staged.set(file.name, text);
          const sha256 = createHash("sha256").update(text).digest("hex");
          return { ...file, sha256, bytes: text.length, commit: null, target: "", atMs: nowMs() };
        },
        note: () => undefined,
        end: async () => {
          for (const [name, text] of staged) files.set(name, text);
        },
      };
    },
    filedSpots: async () =>
      [...files]
        .filter(([name]) => name.startsWith("contract_spot_"))
        .map(([name, text]) => ({
          name,
          verdict: text.includes("verdict   pass") ? "pass" : "inconclusive",
        })),
  };
}
