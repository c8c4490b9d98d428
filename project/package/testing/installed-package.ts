import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { PROJECT_DIRECTORY } from "../../directories.ts";

const execute = promisify(execFile);
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

const packed = z.tuple([
  z.object({
    filename: z.string(),
    size: z.number(),
    unpackedSize: z.number(),
    files: z.array(z.object({ path: z.string() })),
  }),
]);
const lockFile = z.object({ packages: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** What a command that ended has said. */
interface Said {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Another repository, with kanit's package and what it depends on in its node_modules, and nothing else. */
export interface InstalledPackage extends AsyncDisposable {
  readonly folder: string;
  readonly unpackedBytes: number;
  /** The package's files. */
  readonly files: readonly string[];
  /** Runs a program of node_modules/.bin, or of the machine, in the folder. */
  run(program: string, args: readonly string[]): Promise<Said>;
  write(path: string, text: string): Promise<void>;
}

/** Packs the checkout with `npm pack`, and installs the package in an empty folder. */
export async function installPackage(): Promise<InstalledPackage> {
  const folder = await mkdtemp(join(tmpdir(), "kanit-package-"));
  // Root's Postgres runs as another user, who has to get in.
  await chmod(folder, 0o755);
  const environment = {
    PATH: [join(folder, "node_modules", ".bin"), dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: process.env.HOME ?? folder,
    TMPDIR: await madeFolder(join(folder, "tmp")),
  };
  const run = (program: string, args: readonly string[], cwd = folder): Promise<Said> =>
    execute(program, args, { cwd, env: environment, maxBuffer: MAX_OUTPUT_BYTES }).then(
      ({ stdout, stderr }) => ({ exitCode: 0, stdout, stderr }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        exitCode: error.code,
        stdout: error.stdout,
        stderr: error.stderr,
      }),
    );
  const pack = await run(
    "npm",
    ["pack", "--ignore-scripts=false", "--json", "--silent", "--pack-destination", folder],
    PROJECT_DIRECTORY,
  );
  const [{ filename, unpackedSize, files }] = packed.parse(JSON.parse(pack.stdout));
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({ private: true, type: "module", dependencies: { kanit: `file:${filename}` } }),
  );
  await writeFile(join(folder, "package-lock.json"), await consumerLock(filename));
  const install = await run("npm", ["ci", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"]);
  if (install.exitCode !== 0) throw new Error(`npm ci ended with ${install.exitCode}: ${install.stderr}`);
  return {
    folder,
    unpackedBytes: unpackedSize,
    files: files.map(({ path }) => path),
    run,
    write: (path, text) => writeFile(join(folder, path), text),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

async function madeFolder(path: string): Promise<string> {
  await mkdir(path);
  return path;
}

/**
 * The lock file of a repository that has the package: the project's own, without what only its development needs. So
 * npm installs from its cache, and asks no registry.
 */
async function consumerLock(filename: string): Promise<string> {
  const { packages } = lockFile.parse(
    JSON.parse(await readFile(join(PROJECT_DIRECTORY, "package-lock.json"), "utf8")),
  );
  const { "": root = {}, ...others } = packages;
  const { devDependencies: _, license: __, ...ofPackage } = root;
  const shipped = Object.entries(others).filter(
    ([, entry]) => entry.dev !== true && entry.devOptional !== true,
  );
  return JSON.stringify({
    name: "consumer",
    lockfileVersion: 3,
    requires: true,
    packages: {
      "": { dependencies: { kanit: `file:${filename}` } },
      "node_modules/kanit": { ...ofPackage, resolved: `file:${filename}` },
      ...Object.fromEntries(shipped),
    },
  });
}
