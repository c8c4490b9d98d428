import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { defineCheck } from "../engine/check.ts";
import { queryRows, type TextRow } from "../engine/sql.ts";
import { editedMigration } from "./edited-migration.ts";

const execute = promisify(execFile);

const LEDGER = `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished, logs
  FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`;
const PRISMA_DEADLINE_MS = 30_000;

interface MigrationFile {
  readonly name: string;
  readonly checksum: string;
}

/** Is the database at the schema of the release, by the files of the release? */
export const migrations = defineCheck({
  id: "migration-status",
  title: "Migration status",
  question: "Is each migration of the release applied as its file is, and no other one?",
  risk: "The release reads columns that are not there, or a migration that was edited runs differently elsewhere.",
  command: `npx prisma migrate status; psql "$DATABASE_URL" -c 'SELECT migration_name, checksum, finished_at FROM _prisma_migrations'`,
  passes: "each file is applied and finished, with the checksum of its file, and nothing else is applied",
  fix: "prisma migrate deploy applies what is missing; undo an edit of an applied file and add a new migration.",
  evidence: ["prisma_status_{release}.txt"],
  deadlineMs: 40_000,
  maxAgeMs: 60_000,
  needs: ["database", "migrations"],
  mutant: editedMigration,
  observe: async (parts, { clock, signal }) => {
    const asOfMs = clock.nowMs();
    const [files, [applied = []], prisma] = await Promise.all([
      readMigrations(parts.migrations),
      queryRows(parts.database, [LEDGER], signal),
      prismaStatus(parts.migrations, parts.database, signal),
    ]);
    const violations = [...driftOf(files, applied), ...prisma.violations];
    return {
      expected: files.map(({ name }) => name),
      examined:
        files.length === 0
          ? []
          : [...applied.map((row) => row.migration_name ?? ""), ...unapplied(files, applied)],
      acts: [],
      asOfMs,
      violations,
      unclear: [],
      summary: `${applied.length} of ${files.length} applied${violations.length === 0 ? ", checksums match" : ""}`,
      texts: [
        [
          ...files.map(
            ({ name, checksum }) => `${standing(name, checksum, applied).padEnd(12)} ${name}  ${checksum}`,
          ),
          ...applied
            .filter((row) => !files.some(({ name }) => name === row.migration_name))
            .map((row) => `${"no file".padEnd(12)} ${row.migration_name ?? ""}  ${row.checksum ?? ""}`),
          "",
          ...prisma.lines,
          "",
        ].join("\n"),
      ],
    };
  },
});

async function readMigrations(directory: string): Promise<readonly MigrationFile[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (name) => {
      const bytes = await readFile(join(directory, name, "migration.sql"));
      return { name, checksum: createHash("sha256").update(bytes).digest("hex") };
    }),
  );
}

function standing(name: string, checksum: string, applied: readonly TextRow[]): string {
  const row = applied.find(({ migration_name }) => migration_name === name);
  if (row === undefined) return "not applied";
  if (row.finished !== "t") return "failed";
  return row.checksum === checksum ? "applied" : "changed";
}

function unapplied(files: readonly MigrationFile[], applied: readonly TextRow[]): readonly string[] {
  return files
    .filter(({ name }) => !applied.some((row) => row.migration_name === name))
    .map(({ name }) => name);
}

function driftOf(files: readonly MigrationFile[], applied: readonly TextRow[]): readonly string[] {
  const sayings: Readonly<Record<string, string>> = {
    "not applied": "is not applied",
    failed: "failed and is not finished",
    changed: "was changed after it was applied: its file has another checksum",
  };
  return [
    ...files.flatMap(({ name, checksum }) => {
      const problem = sayings[standing(name, checksum, applied)];
      return problem === undefined ? [] : [`${name} ${problem}`];
    }),
    ...applied
      .filter((row) => !files.some(({ name }) => name === row.migration_name))
      .map((row) => `${row.migration_name ?? "a migration"} is applied, but the release has no file of it`),
  ];
}

/** The real `prisma migrate status`, where the repository of the migrations has Prisma installed. */
async function prismaStatus(migrationsFolder: string, database: string, signal: AbortSignal) {
  const program = await findPrisma(dirname(migrationsFolder));
  if (program === null) {
    return {
      violations: [],
      lines: ["prisma migrate status: Prisma is not installed here; compared by checksum."],
    };
  }
  const schema = join(dirname(migrationsFolder), "schema.prisma");
  try {
    const { stdout } = await execute(program, ["migrate", "status", "--schema", schema], {
      env: { PATH: dirname(process.execPath), DATABASE_URL: database },
      signal,
      timeout: PRISMA_DEADLINE_MS,
    });
    return { violations: [], lines: ["prisma migrate status: exit code 0", stdout] };
  } catch (error) {
    signal.throwIfAborted();
    const output = error instanceof Error && "stdout" in error ? String(error.stdout) : String(error);
    const last = output.trim().split("\n").at(-1) ?? "";
    return {
      violations: [`prisma migrate status refuses: ${last}`],
      lines: ["prisma migrate status failed", output],
    };
  }
}

async function findPrisma(from: string): Promise<string | null> {
  for (let folder = from; ; folder = dirname(folder)) {
    const program = join(folder, "node_modules", ".bin", "prisma");
    if (await isThere(program)) return program;
    if (dirname(folder) === folder) return null;
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
