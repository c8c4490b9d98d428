import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import type { Clock } from "../core/index.ts";

/** They take 45 s on two cores that also have other work. */
const NEEDED_MS = 60_000;
const POLL_MS = 250;

/** Whether the labs in containers are tested, with what settings and time limit; or why not. */
export type ContainerTests =
  | {
      readonly kind: "run";
      readonly environment: Readonly<Record<string, string>>;
      readonly limitMs: number | null;
    }
  | { readonly kind: "skip"; readonly why: string };

/** The variables that decide it. */
export interface ContainerVariables {
  /** `on`: the tests are required, with an engine that is already running. */
  readonly KANIT_CONTAINER_TESTS?: string | undefined;
  /** The file into which .ci/prepare writes how to reach an engine, or why there is none. */
  readonly KANIT_CONTAINER_ENGINE?: string | undefined;
  /** The process group of .ci/prepare. */
  readonly KANIT_PREPARATION?: string | undefined;
  /** The time by which all tests must have ended, in seconds since the Unix epoch. */
  readonly KANIT_TESTS_END?: string | undefined;
}

/**
 * Decides after all other tests, so that an engine has time to start. A machine that cannot have an engine
 * must not block a change.
 */
export async function findContainerTests(
  variables: ContainerVariables,
  clock: Clock,
): Promise<ContainerTests> {
  const { KANIT_CONTAINER_TESTS, KANIT_CONTAINER_ENGINE } = variables;
  if (KANIT_CONTAINER_TESTS === "on") return { kind: "run", environment: {}, limitMs: null };
  if (KANIT_CONTAINER_ENGINE === undefined) {
    return { kind: "skip", why: "KANIT_CONTAINER_TESTS=on runs them, with an engine that answers" };
  }
  await awaitPreparation(variables, clock);
  const { WHY_NOT, ...found } = parseEnv(await readFile(KANIT_CONTAINER_ENGINE, "utf8"));
  if (WHY_NOT !== undefined) return { kind: "skip", why: WHY_NOT };
  const limitMs = timeLeftMs(variables, clock);
  if (limitMs !== null && limitMs < NEEDED_MS) {
    const left = Math.max(0, Math.round(limitMs / 1_000));
    return { kind: "skip", why: `they need ${NEEDED_MS / 1_000} s, and ${left} s were left` };
  }
  const environment = Object.fromEntries(
    Object.entries(found).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return { kind: "run", environment, limitMs };
}

/**
 * Waits until .ci/prepare, which runs in parallel with the tests, has finished or failed. When no time would
 * be left for the tests, the preparation is stopped, and the reason is written in place of its result.
 */
export async function awaitPreparation(variables: ContainerVariables, clock: Clock): Promise<void> {
  const { KANIT_CONTAINER_ENGINE, KANIT_PREPARATION } = variables;
  if (KANIT_CONTAINER_ENGINE === undefined) return;
  const group = KANIT_PREPARATION === undefined ? null : Number(KANIT_PREPARATION);
  const isTimeLeft = () => (timeLeftMs(variables, clock) ?? Number.POSITIVE_INFINITY) >= NEEDED_MS;
  // Ends the preparation first, so that what it has written is complete.
  for (;;) {
    const isRunning = group !== null && isGroupRunning(group);
    if (existsSync(KANIT_CONTAINER_ENGINE)) return;
    if (!isRunning) return giveUp(KANIT_CONTAINER_ENGINE, "their preparation ended without a result");
    if (!isTimeLeft()) break;
    await clock.sleep(POLL_MS);
  }
  if (group !== null) process.kill(-group);
  await giveUp(KANIT_CONTAINER_ENGINE, "their images were not ready in time");
}

function timeLeftMs({ KANIT_TESTS_END }: ContainerVariables, clock: Clock): number | null {
  return KANIT_TESTS_END === undefined ? null : Number(KANIT_TESTS_END) * 1_000 - clock.nowMs();
}

function isGroupRunning(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

async function giveUp(path: string, why: string): Promise<void> {
  await writeFile(path, `WHY_NOT="${why}"\n`);
}
