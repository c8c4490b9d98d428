import { type Command, Option } from "commander";
import { UsageError } from "../core/index.ts";
import {
  type LabRecord,
  listLabs,
  openStateDirectory,
  RUNTIME_NAMES,
  type RuntimeName,
} from "../lab/index.ts";
import type { Environment } from "./environment.ts";

/** The flags that choose one of several running labs. */
export interface LabChoice {
  readonly lab?: string;
  /** Only labs of this runtime. Left out: labs of any runtime. */
  readonly runtime?: RuntimeName;
}

/** Adds the flags to a command. */
export function withLabChoice(command: Command): Command {
  return command
    .option("--lab <id>", "which lab, when several are running")
    .addOption(new Option("--runtime <name>", "only labs of this runtime").choices(RUNTIME_NAMES));
}

/** The labs of the chosen runtime. */
export function ofRuntime<T extends LabRecord>(labs: readonly T[], { runtime }: LabChoice): readonly T[] {
  return runtime === undefined ? labs : labs.filter((lab) => lab.runtime === runtime);
}

/** A running lab, with its addresses. */
export type ReadyLab = LabRecord & { readonly addresses: NonNullable<LabRecord["addresses"]> };

/** The running labs of the chosen runtime. Their passwords and tokens become secrets of this command. */
export async function readyLabs(
  { temporaryDirectory, secrets }: Pick<Environment, "temporaryDirectory" | "secrets">,
  choice: LabChoice = {},
): Promise<readonly ReadyLab[]> {
  const state = await openStateDirectory(temporaryDirectory);
  const labs = ofRuntime(await listLabs(state.labs), choice);
  const ready = labs.filter((lab): lab is ReadyLab => lab.addresses !== null);
  for (const { addresses } of ready) {
    const { links: _, ...others } = addresses;
    for (const address of Object.values(others)) secrets.registerUrl(address);
  }
  return ready;
}

/**
 * Returns the lab that the flags name, or the only one that is running.
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
    nextStep: labs.length === 0 ? "Start one: kanit up." : "Name one of them: --lab <id>.",
  });
}
