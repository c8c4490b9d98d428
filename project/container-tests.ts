import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import type { Clock } from "../core/index.ts";

/** They take 45 s on two cores that have some other work too. */
const NEEDED_MS = 60_000;
const POLL_MS = 250;

/** Whether the labs in containers are tested, with what, and for how long at most; or why not. */
export type ContainerTests =
  | {
      readonly kind: "run";
      readonly environment: Readonly<Record<string, string>>;
      readonly limitMs: number | null;
    }
  | { readonly kind: "skip"; readonly why: string };

/** The variables that decide it. */
export interface ContainerVariables {
  /** `on`: somebody asks for them, with an engine that answers. */
  readonly KANIT_CONTAINER_TESTS?: string | undefined;
  /** The file into which .ci/containers writes what it has come to. */
  readonly KANIT_CONTAINER_ENGINE?: string | undefined;
  /** The group of processes that makes it ready. */
  readonly KANIT_CONTAINER_MAKER?: string | undefined;
  /** When all tests have to be over, in seconds of the Unix epoch. */
  readonly KANIT_TESTS_END?: string | undefined;
}

/**
 * Decides it, as late as it can: an engine that is still being made ready is waited for, up to the time that the tests
 * themselves need. A machine without an engine, or one that is late, is no reason for a change not to land.
 */
export async function findContainerTests(
  variables: ContainerVariables,
  clock: Clock,
): Promise<ContainerTests> {
  const { KANIT_CONTAINER_TESTS, KANIT_CONTAINER_ENGINE, KANIT_TESTS_END } = variables;
  if (KANIT_CONTAINER_TESTS === "on") return { kind: "run", environment: {}, limitMs: null };
  if (KANIT_CONTAINER_ENGINE === undefined) {
    return { kind: "skip", why: "KANIT_CONTAINER_TESTS=on runs them, with an engine that answers" };
  }
  const leftMs = () =>
    KANIT_TESTS_END === undefined ? null : Number(KANIT_TESTS_END) * 1_000 - clock.nowMs();
  const isTimeLeft = () => (leftMs() ?? 0) >= NEEDED_MS;
  while (!existsSync(KANIT_CONTAINER_ENGINE) && isTimeLeft()) await clock.sleep(POLL_MS);
  if (!existsSync(KANIT_CONTAINER_ENGINE))
    return { kind: "skip", why: "their images were not ready in time" };
  const { WHY_NOT, ...found } = parseEnv(await readFile(KANIT_CONTAINER_ENGINE, "utf8"));
  if (WHY_NOT !== undefined) return { kind: "skip", why: WHY_NOT };
  const limitMs = leftMs();
  if (limitMs !== null && limitMs < NEEDED_MS) {
    const left = Math.max(0, Math.round(limitMs / 1_000));
    return { kind: "skip", why: `they need ${NEEDED_MS / 1_000} s, and ${left} s were left` };
  }
  const environment = Object.fromEntries(
    Object.entries(found).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return { kind: "run", environment, limitMs };
}

const UNREADY = "their images were not ready when the tests that measure began";

/**
 * Leaves the machine to tests that measure: waits for what makes the containers ready, and ends it when it takes longer
 * than the patience.
 */
export async function endContainerPreparation(
  { KANIT_CONTAINER_ENGINE, KANIT_CONTAINER_MAKER }: ContainerVariables,
  clock: Clock,
  patienceMs: number,
): Promise<void> {
  if (KANIT_CONTAINER_ENGINE === undefined || KANIT_CONTAINER_MAKER === undefined) return;
  const deadlineMs = clock.monotonicMs() + patienceMs;
  while (!existsSync(KANIT_CONTAINER_ENGINE) && clock.monotonicMs() < deadlineMs) await clock.sleep(POLL_MS);
  if (existsSync(KANIT_CONTAINER_ENGINE)) return;
  try {
    process.kill(-Number(KANIT_CONTAINER_MAKER));
  } catch (error) {
    // It has ended without a result.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
  await writeFile(KANIT_CONTAINER_ENGINE, `WHY_NOT="${UNREADY}"\n`);
}
