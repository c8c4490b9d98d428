import { spawn } from "node:child_process";
import { once } from "node:events";
import { chown, mkdir, open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import pg from "pg";
import type { StruckProcess } from "../../chaos/index.ts";
import { UnavailableError } from "../../core/index.ts";
import { type Lab, type LabAddresses, unprivilegedUser } from "../../lab/index.ts";
import { postgresClient } from "../../network/index.ts";

const SIZE_MB = 16;
const CHUNK_BYTES = 4_096;
const CONNECT_TIMEOUT_MS = 5_000;
const TABLESPACE = "kanit_small_disk";

/** Mounts a small file system for as long as its standard input is open: it does not outlive who wanted it. */
const MOUNTED = `mount -t tmpfs -o size=${SIZE_MB}m,mode=0755 kanit "$1" || exit 1; echo mounted; cat > /dev/null; umount -l "$1"`;

/**
 * Moves a table to a file system of its own, and fills that up to its last page.
 *
 * @throws UnavailableError `no-small-disk` where this user may mount none.
 */
export async function fillDisk(
  client: pg.Client,
  table: string,
  { lab }: { readonly lab: Pick<Lab, "runtime"> & { readonly addresses: Pick<LabAddresses, "databaseUrl"> } },
): Promise<StruckProcess> {
  const { rows } = await client.query<{ data: string }>("SELECT current_setting('data_directory') AS data");
  const directory = join(dirname(rows[0]?.data ?? ""), "small-disk");
  await mkdir(directory, { recursive: true });
  const unmount = await mount(directory);
  try {
    const space = join(directory, "space");
    await mkdir(space, { mode: 0o700 });
    const user = await unprivilegedUser();
    if (user.kind === "other") await chown(space, user.uid, user.gid);
    await client.query(`CREATE TABLESPACE ${TABLESPACE} LOCATION ${pg.escapeLiteral(space)}`);
    await client.query(`ALTER TABLE ${pg.escapeIdentifier(table)} SET TABLESPACE ${TABLESPACE}`);
    await fill(join(directory, "ballast"));
  } catch (error) {
    await unmount();
    throw error;
  }
  return {
    restore: async () => {
      await rm(join(directory, "ballast"), { force: true });
      const session = postgresClient(lab.addresses.databaseUrl, {
        connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      });
      session.on("error", () => undefined);
      await session.connect();
      try {
        await session.query(`ALTER TABLE ${pg.escapeIdentifier(table)} SET TABLESPACE pg_default`);
        await session.query(`DROP TABLESPACE ${TABLESPACE}`);
      } finally {
        await session.end();
        await unmount();
      }
    },
  };
}

async function mount(directory: string): Promise<() => Promise<void>> {
  const holder = spawn("sh", ["-c", MOUNTED, "kanit-small-disk", directory], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const exit = once(holder, "exit");
  const mounted = await Promise.race([once(holder.stdout, "data").then(() => true), exit.then(() => false)]);
  if (!mounted) {
    throw new UnavailableError({
      code: "no-small-disk",
      message: `Expected to mount a file system of ${SIZE_MB} MB at ${directory}, but it was refused.`,
      nextStep: "Run it as root on Linux, in a container that may mount.",
    });
  }
  return async () => {
    holder.stdin.end();
    await exit;
  };
}

/** Writes until there is no room left. */
async function fill(path: string): Promise<void> {
  await using file = await open(path, "w");
  const chunk = Buffer.alloc(CHUNK_BYTES, 1);
  for (;;) {
    const isFull = await file.write(chunk).then(
      () => false,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "ENOSPC") return true;
        throw error;
      },
    );
    if (isFull) return;
  }
}
