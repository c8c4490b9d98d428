import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UnavailableError } from "../../core/index.ts";

const execute = promisify(execFile);

/** The user of a process: the one who runs kanit, or another user to whom root drops. */
export type UserIdentity =
  | { readonly kind: "same" }
  | { readonly kind: "other"; readonly uid: number; readonly gid: number };

/**
 * Postgres and pgBouncer refuse to run as root, so root runs them as `nobody`; any other
 * user runs them directly.
 *
 * @throws UnavailableError `no-unprivileged-user` when root finds no such user.
 */
export async function unprivilegedUser(): Promise<UserIdentity> {
  if (process.getuid?.() !== 0) return { kind: "same" };
  try {
    const [uid, gid] = await Promise.all([execute("id", ["-u", "nobody"]), execute("id", ["-g", "nobody"])]);
    return { kind: "other", uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch (error) {
    throw new UnavailableError({
      code: "no-unprivileged-user",
      message: "Expected a user `nobody` to run Postgres as, since it refuses root, but there is none.",
      nextStep: "Create the user, or run kanit as a normal user.",
      cause: error,
    });
  }
}
