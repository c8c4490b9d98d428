import { z } from "zod";
import type { FiledOfRelease } from "../engine/target.ts";

const record = z.object({
  schema: z.string(),
  gate: z.string(),
  verdict: z.enum(["pass", "fail", "inconclusive"]),
  targetKind: z.enum(["release-file", "lab"]),
  target: z.string(),
  commit: z.string().nullable(),
  startedAt: z.iso.datetime(),
  checks: z.array(z.object({ id: z.string(), verdict: z.string() })),
});

/** The file in which a gate's newest record is. */
export function gateRecordFile(gate: string): string {
  return `gate_${gate}.json`;
}

/**
 * Reads how a gate ended last.
 *
 * @throws Error when it is not filed, or cannot be read.
 */
export async function readGateRecord(evidence: FiledOfRelease, gate: string) {
  const file = gateRecordFile(gate);
  const filed = await evidence(file);
  if (filed === null) throw new Error(`no data: ${file} is not filed for this release, or was changed since`);
  return { ...record.parse(JSON.parse(filed.text)), text: filed.text };
}
