import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../core/index.ts";
import type { GateRecord } from "../../evidence/index.ts";
import type { Check } from "../engine/check.ts";
import type { Gate } from "../engine/gate.ts";
import { type CheckOutcome, runCheck } from "../engine/run-check.ts";
import { type DrillRow, runDrill } from "../engine/run-drill.ts";
import { runGate } from "../engine/run-gate.ts";
import { readSeenRed } from "../engine/seen-red.ts";
import type { Commit, Target } from "../engine/target.ts";
import type { GatedLab } from "./gated-lab.ts";
import { type MemoryFiling, memoryFiling } from "./memory-filing.ts";

/** Runs a gate on the lab, with some parts of the target replaced, and keeps its files in memory. */
export async function rehearseGate(
  { target, commit }: { readonly target: Target; readonly commit: Commit | null },
  gate: Gate,
  parts: Partial<Target["parts"]> = {},
): Promise<{ readonly record: GateRecord; readonly filing: MemoryFiling }> {
  const filing = memoryFiling();
  const record = await runGate({
    gate,
    target: { ...target, parts: { ...target.parts, ...parts } },
    commit,
    seenRed: await readSeenRed(),
    filing,
    renderPage: () => "<!doctype html>",
    command: `kanit ${gate.name} v1.4.0`,
    clock: systemClock,
    signal: new AbortController().signal,
    onEvent: () => undefined,
    onVerdict: () => undefined,
  });
  return { record, filing };
}

/** Runs one check on the lab, with some parts of the target replaced. */
export function runOneCheck(
  { target, commit }: GatedLab,
  check: Check,
  parts: Partial<Target["parts"]> = {},
): Promise<CheckOutcome> {
  return runCheck(
    check,
    { ...target, parts: { ...target.parts, ...parts } },
    { commit, wasSeenRed: true, clock: systemClock, signal: new AbortController().signal },
  );
}

/** Runs these checks on the sound lab, and each under its mutant. */
export async function drillChecks(
  { lab, target, commit, directory }: GatedLab,
  checks: readonly Check[],
): Promise<readonly DrillRow[]> {
  return runDrill({
    checks,
    ground: {
      ...{ lab, clock: systemClock, signal: new AbortController().signal },
      directory: await mkdtemp(join(directory, "drill-")),
    },
    readTarget: () => target,
    commit,
    clock: systemClock,
    onRow: () => undefined,
  });
}
