import type { z } from "zod";
import { runStep, type Step, type StepEnding } from "../run-step.ts";

/** A known weakness in a package. */
export interface Vulnerability {
  readonly id: string;
  readonly package: string;
  readonly severity: "low" | "medium" | "high" | "critical" | "unknown";
}

/** What a scanner found. Where it could not look, it found nothing, which is no proof that there is nothing. */
export type ScanResult =
  | {
      readonly kind: "scanned";
      readonly scanner: string;
      readonly version: string;
      /** When its database was made; null for one that is asked over the network. */
      readonly databaseMadeAt: string | null;
      readonly packages: number;
      readonly vulnerabilities: readonly Vulnerability[];
    }
  | { readonly kind: "not-run"; readonly scanner: string; readonly why: string };

/** What is scanned. */
export interface ScanSubject {
  /** The folder with the lock file. */
  readonly directory: string;
  /** The bill of materials, as a file. */
  readonly sbomPath: string;
  /** How many packages that has. */
  readonly packages: number;
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

/** A program that looks for known vulnerabilities. */
export interface Scanner {
  readonly name: string;
  readonly command: (subject: ScanSubject) => Step["words"];
  /** Reads what it printed; a text says why that is no result. */
  readonly read: (
    ending: StepEnding,
    subject: ScanSubject,
  ) => Omit<ScanResult & { kind: "scanned" }, "kind" | "scanner"> | string;
}

const LIMIT_MS = 60_000;

/** Runs a scanner within its time. */
export async function scanWith(scanner: Scanner, subject: ScanSubject): Promise<ScanResult> {
  const notRun = (why: string): ScanResult => ({ kind: "not-run", scanner: scanner.name, why });
  if (subject.packages === 0) return notRun("there are no packages to look at");
  const { directory, signal } = subject;
  const ending = await runStep({ words: scanner.command(subject), directory, timeLimitMs: LIMIT_MS, signal });
  signal.throwIfAborted();
  if (ending.exitCode === null) return notRun(ending.problem);
  const read = scanner.read(ending, subject);
  if (typeof read === "string") return notRun(read);
  return { kind: "scanned", scanner: scanner.name, ...read };
}

/** Parses what a scanner printed; null for anything else. */
export function parsedAs<Shape extends z.ZodType>(shape: Shape, text: string): z.infer<Shape> | null {
  try {
    return shape.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // No JSON is no result; the caller says what came.
    return null;
  }
}

/** The last line of what a program complained of. */
export function complaintOf({ exitCode, problem }: StepEnding): string {
  const line = problem.split("\n").findLast((each) => each.trim() !== "") ?? "no message";
  return `exit ${exitCode}: ${line.trim().slice(0, 300)}`;
}

/** A severity in one spelling. */
export function severityOf(text: string): Vulnerability["severity"] {
  const lower = text.toLowerCase();
  if (lower === "moderate") return "medium";
  if (lower === "negligible" || lower === "info") return "low";
  return (["low", "medium", "high", "critical"] as const).find((each) => each === lower) ?? "unknown";
}
