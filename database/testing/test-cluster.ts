import { execFileSync } from "node:child_process";
import { chmod, chown, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Instance } from "../instance/instance.ts";
import { type PostgresPrograms, postgresPrograms } from "../instance/programs.ts";

/** A new, empty Postgres that archives its log, and a folder for what a test does with it. */
export interface TestCluster extends AsyncDisposable {
  readonly programs: PostgresPrograms;
  readonly directory: string;
  readonly dataDirectory: string;
  readonly archiveDirectory: string;
  readonly server: Instance;
  /** A folder of the database's user. */
  folder(name: string): Promise<string>;
}

const DIRECTORY_MODE = 0o755;
const SUPERUSER = "kanit";

export async function startTestCluster(): Promise<TestCluster> {
  const directory = await mkdtemp(join(tmpdir(), "kanit-database-"));
  // Root's Postgres runs as another user, who has to get in.
  await chmod(directory, DIRECTORY_MODE);
  const programs = await postgresPrograms(directory);
  const folder = async (name: string): Promise<string> => {
    const path = join(directory, name);
    await mkdir(path, { mode: 0o700 });
    if (programs.user.kind === "other") await chown(path, programs.user.uid, programs.user.gid);
    return path;
  };
  const dataDirectory = await folder("data");
  const identity = programs.user.kind === "other" ? { uid: programs.user.uid, gid: programs.user.gid } : {};
  execFileSync(
    programs.binaries.initdb,
    ["-D", dataDirectory, "-U", SUPERUSER, "--no-sync", "--wal-segsize=1", "-E", "UTF8", "--locale=C"],
    { ...identity, cwd: "/", stdio: "ignore" },
  );
  const archiveDirectory = await folder("archive");
  const server = await Instance.start({
    programs,
    dataDirectory,
    superuser: SUPERUSER,
    archiving: { kind: "folder", directory: archiveDirectory },
    settings: ["fsync=off", "shared_buffers=16MB"],
    logDirectory: join(directory, "logs"),
  });
  return {
    programs,
    directory,
    dataDirectory,
    archiveDirectory,
    server,
    folder,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
