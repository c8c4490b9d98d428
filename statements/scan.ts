import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { type MadeSbom, makeSbom } from "./make-sbom.ts";
import { type ScanResult, scanWith } from "./scanners/scanner.ts";
import { SCANNERS } from "./scanners/scanners.ts";

const vulnerability = z.strictObject({
  id: z.string(),
  package: z.string(),
  severity: z.enum(["low", "medium", "high", "critical", "unknown"]),
});

/** A scan as it is filed. */
export const scanShape = z.strictObject({
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  result: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("scanned"),
      scanner: z.string(),
      version: z.string(),
      databaseMadeAt: z.string().nullable(),
      packages: z.number(),
      vulnerabilities: z.array(vulnerability),
    }),
    z.strictObject({ kind: z.literal("not-run"), scanner: z.string(), why: z.string() }),
  ]),
});

/** A scan and when it took place. */
export interface TimedScan {
  readonly startedAt: string;
  readonly endedAt: string;
  readonly result: ScanResult;
}

export interface ScanOptions {
  readonly directory: string;
  /** Names of scanners. */
  readonly scanners: readonly string[];
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
}

/** Makes the bill of materials of a folder, and has scanners look at it, one after the other. */
export async function scanFolder(
  options: ScanOptions,
): Promise<{ readonly sbom: MadeSbom; readonly scans: readonly TimedScan[] }> {
  const { directory, nowMs, signal } = options;
  const sbom = await makeSbom(directory, [], signal);
  const folder = await mkdtemp(join(tmpdir(), "kanit-scan-"));
  try {
    const sbomPath = join(folder, "sbom.cdx.json");
    await writeFile(sbomPath, sbom.text);
    const scans: TimedScan[] = [];
    for (const scanner of SCANNERS.filter(({ name }) => options.scanners.includes(name))) {
      const startedAt = new Date(nowMs()).toISOString();
      const subject = { directory, sbomPath, packages: sbom.components, nowMs: nowMs(), signal };
      const result = await scanWith(scanner, subject);
      scans.push({ startedAt, endedAt: new Date(nowMs()).toISOString(), result });
    }
    return { sbom, scans };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
