import type { Command } from "commander";
import { UsageError } from "../core/index.ts";
import { type LabRecord, listLabs, openStateDirectory } from "../lab/index.ts";

/** The flag that says which of several running labs is meant. */
export interface LabChoice {
  readonly lab?: string;
}

/** Adds the flag to a command. */
export function withLabChoice(command: Command): Command {
  return command.option("--lab <id>", "which lab, when several run");
}

/** A lab that is up, with its addresses. */
export type ReadyLab = LabRecord & { readonly addresses: NonNullable<LabRecord["addresses"]> };

/** The labs that are up. */
export async function readyLabs(temporaryDirectory: string): Promise<readonly ReadyLab[]> {
  const state = await openStateDirectory(temporaryDirectory);
  const labs = await listLabs(state.labs);
  return labs.filter((lab): lab is ReadyLab => lab.addresses !== null);
}

/**
 * The lab that is meant: the named one, or the only one.
 *
 * @throws UsageError `no-such-lab` when there is none or several.
 */
export function pickLab<T extends LabRecord>(labs: readonly T[], { lab: wanted }: LabChoice): T {
  const ids = labs.map((lab) => lab.id).join(", ");
  const found =
    wanted === undefined ? (labs.length === 1 ? labs[0] : undefined) : labs.find((lab) => lab.id === wanted);
  if (found !== undefined) return found;
  throw new UsageError({
    code: "no-such-lab",
    message:
      labs.length === 0
        ? "Expected a running lab, but there is none."
        : `Expected ${wanted === undefined ? "one running lab" : `lab ${wanted}`}, but these run: ${ids}.`,
    nextStep: labs.length === 0 ? "Bring one up: kanit up." : "Name one of them: --lab <id>.",
  });
}
