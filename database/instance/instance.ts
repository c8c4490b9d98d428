import { chown, mkdir, rm, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { SecretRegistry } from "../../core/index.ts";
import { GuardedProcess, shutDownPostgres, untilPostgresReady } from "../../lab/index.ts";
import { type PostgresSocket, postgresSocketClient } from "../../network/index.ts";
import type { PostgresPrograms } from "./programs.ts";

const OWNER_ONLY = 0o700;
/** The number in the socket's name: each instance has a folder of its own for it. */
const SOCKET_PORT = 5432;
const CONNECT_TIMEOUT_MS = 5_000;
const CONTROL_FOLDER = "kanit-instance";

/** Where the instance's own write-ahead log goes: nowhere, or into a folder that its user may write to. */
type Archiving = { readonly kind: "off" } | { readonly kind: "folder"; readonly directory: string };

export interface InstanceOptions {
  readonly programs: PostgresPrograms;
  readonly dataDirectory: string;
  /** The superuser to whom the user of this process is mapped. */
  readonly superuser: string;
  readonly archiving: Archiving;
  /** `name=value`, besides those that isolate it. */
  readonly settings: readonly string[];
  readonly logDirectory: string;
}

/** A session with a database, closed at its end. */
export interface Session extends AsyncDisposable {
  readonly pg: pg.Client;
}

const AS_WRITTEN: pg.CustomTypesConfig = {
  getTypeParser: () => (value: string | Buffer | null) => (value === null ? null : String(value)),
};

export type Row = Readonly<Record<string, string | null>>;

/**
 * A server that nobody else reaches, and that reaches nobody: it listens on a Unix socket in a folder of its owner's
 * only, replicates nothing, and never archives into the folder from which it was restored. It ends with this process.
 */
export class Instance implements AsyncDisposable {
  readonly #process: GuardedProcess;
  readonly #socket: PostgresSocket;
  readonly #superuser: string;
  readonly #controlDirectory: string;

  private constructor(process_: GuardedProcess, options: InstanceOptions, controlDirectory: string) {
    this.#process = process_;
    this.#socket = { directory: controlDirectory, port: SOCKET_PORT };
    this.#superuser = options.superuser;
    this.#controlDirectory = controlDirectory;
  }

  /**
   * Starts the server on a data directory, and waits until it accepts changes: a recovery has come to its end then.
   *
   * @throws ProcessDiedError when the server ends before; UnavailableError when it cannot be started.
   */
  static async start(options: InstanceOptions): Promise<Instance> {
    const { programs, dataDirectory, superuser, logDirectory } = options;
    const control = join(dataDirectory, CONTROL_FOLDER);
    await rm(control, { recursive: true, force: true });
    await mkdir(control, { mode: OWNER_ONLY });
    await writeFile(join(control, "hba.conf"), "local all all peer map=kanit\n");
    await writeFile(join(control, "ident.conf"), `kanit "${userInfo().username}" "${superuser}"\n`);
    await mkdir(logDirectory, { recursive: true, mode: OWNER_ONLY });
    if (programs.user.kind === "other") {
      const { uid, gid } = programs.user;
      const paths = [control, join(control, "hba.conf"), join(control, "ident.conf")];
      await Promise.all(paths.map((path) => chown(path, uid, gid)));
    }
    const pidFile = join(dataDirectory, "postmaster.pid");
    await rm(pidFile, { force: true });
    const isolation = [
      "listen_addresses=",
      `unix_socket_directories=${control}`,
      `hba_file=${join(control, "hba.conf")}`,
      `ident_file=${join(control, "ident.conf")}`,
      ...archiveSettings(options.archiving),
      "primary_conninfo=",
      "max_logical_replication_workers=0",
      // Its status would say "ready" as soon as it can be read, before it is at its target.
      "hot_standby=off",
      "dynamic_shared_memory_type=mmap",
      "lc_messages=C",
    ];
    const settings = [...options.settings, ...isolation].flatMap((setting) => ["-c", setting]);
    const server = await GuardedProcess.start(
      {
        name: "postgres",
        command: [programs.binaries.postgres, "-D", dataDirectory, "-p", String(SOCKET_PORT), ...settings],
        environment: { LC_ALL: "C", PATH: "/bin:/usr/bin" },
        workingDirectory: "/",
        logDirectory,
        stopSignal: "QUIT",
        user: programs.user,
        controlGroup: null,
      },
      new SecretRegistry(),
    );
    await server.untilReady((signal) => untilPostgresReady(pidFile, signal));
    return new Instance(server, options, control);
  }

  /** Opens a session in a database: each value comes as Postgres writes it. */
  async connect(database: string): Promise<Session> {
    const client = postgresSocketClient(
      this.#socket,
      { user: this.#superuser, database },
      { connectionTimeoutMillis: CONNECT_TIMEOUT_MS, types: AS_WRITTEN },
    );
    // A server that ends meanwhile fails the statement; the error event also needs a listener.
    client.on("error", () => undefined);
    await client.connect();
    return { pg: client, [Symbol.asyncDispose]: () => client.end() };
  }

  /** Runs statements of one text in a session of their own. Returns the rows of the last. */
  async query(database: string, text: string, values: readonly string[] = []): Promise<readonly Row[]> {
    await using session = await this.connect(database);
    const result =
      values.length === 0
        ? await session.pg.query<Row>(text)
        : await session.pg.query<Row>(text, [...values]);
    const last = Array.isArray(result) ? (result.at(-1) as typeof result) : result;
    return last.rows;
  }

  /** Ends it so that its data can be started without recovery. */
  async shutDown(): Promise<void> {
    await shutDownPostgres(this.#process, join(this.#controlDirectory, "..", "postmaster.pid"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stop();
    await rm(this.#controlDirectory, { recursive: true, force: true });
  }
}

function archiveSettings(archiving: Archiving): readonly string[] {
  if (archiving.kind === "off") return ["archive_mode=off"];
  const { directory } = archiving;
  // A file that is there is whole: it gets its name at the end.
  const copy = `test ! -f ${directory}/%f && cp %p ${directory}/%f.part && mv ${directory}/%f.part ${directory}/%f`;
  return ["wal_level=replica", "archive_mode=on", `archive_command=${copy}`];
}
