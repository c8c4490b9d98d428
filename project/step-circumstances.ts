import { systemClock } from "../core/index.ts";
import { awaitPreparation, findContainerTests } from "./container-tests.ts";

/** What a step is run with. */
export interface StepCircumstances {
  readonly environment: Readonly<Record<string, string>>;
  readonly limitMs: number | null;
  /** What the reader should know of it at the end. */
  readonly note: string | null;
}

export const ordinaryCircumstances = async (): Promise<StepCircumstances> => ({
  environment: {},
  limitMs: null,
  note: null,
});

/** Tests that measure begin when nothing is made ready beside them anymore. */
export async function quietCircumstances(): Promise<StepCircumstances> {
  await awaitPreparation(process.env, systemClock);
  return ordinaryCircumstances();
}

/** Where the labs in containers cannot be tested, their tests skip themselves for that reason. */
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
