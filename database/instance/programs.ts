import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  findPostgres,
  openStateDirectory,
  type PostgresBinaries,
  type UserIdentity,
  unprivilegedUser,
} from "../../lab/index.ts";

/** Postgres's programs, and the user whom its servers run as and who owns their data. */
export interface PostgresPrograms {
  readonly binaries: PostgresBinaries;
  readonly user: UserIdentity;
}

/**
 * Finds the Postgres that labs use.
 *
 * @throws UnavailableError `no-postgres`, `no-unprivileged-user` or `no-state-directory`.
 */
export async function postgresPrograms(temporaryDirectory: string): Promise<PostgresPrograms> {
  const [state, user] = await Promise.all([openStateDirectory(temporaryDirectory), unprivilegedUser()]);
  const workshop = await mkdtemp(join(state.labs, "programs-"));
  try {
    return { binaries: await findPostgres(user, state.cache, workshop), user };
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}
