import { systemClock } from "../core/index.ts";
import { awaitPreparation, findContainerTests } from "./container-tests.ts";

/** The environment of a step. */
export interface StepCircumstances {
  readonly environment: Readonly<Record<string, string>>;
  readonly limitMs: number | null;
  /** A note for the reader at the end. */
  readonly note: string | null;
}

export const ordinaryCircumstances = async (): Promise<StepCircumstances> => ({
  environment: {},
  limitMs: null,
  note: null,
});

/** Tests that measure begin only when nothing is being prepared in parallel any more. */
export async function quietCircumstances(): Promise<StepCircumstances> {
  await awaitPreparation(process.env, systemClock);
  return ordinaryCircumstances();
}

/** Where the labs in containers cannot be tested, their tests skip themselves with that reason. */
export async function containerCircumstances(): Promise<StepCircumstances> {
  const found = await findContainerTests(process.env, systemClock);
  return found.kind === "run"
    ? { ...found, note: null }
    : {
        environment: { KANIT_CONTAINER_TESTS: "off", KANIT_NO_CONTAINERS: found.why },
        limitMs: null,
        note: `skipped: the labs in containers, since ${found.why}`,
      };
}
