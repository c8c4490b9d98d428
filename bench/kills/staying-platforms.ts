import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const SPARK = fileURLToPath(new URL("../../platform/platform.yml", import.meta.url));

/** The line of a process that ignores what asks it to end; the folder is by what it is found. */
const stay = (ignored: string) => `sh -c 'trap "" ${ignored}; while :; do sleep 0.2; done' "$FOLDER"`;
const STAY = stay("TERM INT HUP QUIT");

/**
 * What Spark's start starts along with it: by each way in which a process stays when whoever started it has ended.
 * `$FOLDER` is in the arguments of each.
 */
const STAYERS = {
  none: "",
  "ignores TERM": `${STAY} &`,
  nohup: `nohup ${stay("INT")} >/dev/null 2>&1 &`,
  "own session": `setsid ${STAY} &`,
  daemon: `(setsid ${STAY} >/dev/null 2>&1 </dev/null & exit) &`,
  "cleared environment": `env -i PATH="$PATH" setsid ${STAY} &`,
  "cleared daemon": `(env -i PATH="$PATH" setsid ${STAY} >/dev/null 2>&1 </dev/null & exit) &`,
  "another user": `setpriv --reuid=65534 --clear-groups setsid ${STAY} &`,
  "always another process": 'setsid sh next.sh "$FOLDER" &',
  "holds the output": `setsid ${stay("TERM PIPE")} &`,
} as const satisfies Readonly<Record<string, string>>;

/** Lives for a moment, and leaves another one of itself. */
const NEXT = 'sleep 0.05\nsh "$0" "$1" &\n';

/** How what a platform starts tries to stay. */
export type StayingKind = keyof typeof STAYERS;

export const STAYING_KINDS = Object.keys(STAYERS) as [StayingKind, ...StayingKind[]];

/** Writes a definition of Spark for each kind into the folder. Returns where, by kind. */
export async function writeStayingPlatforms(folder: string): Promise<ReadonlyMap<StayingKind, string>> {
  const spark = dirname(SPARK);
  const definition = (await readFile(SPARK, "utf8"))
    .replace("start: [node, main.ts]", "start: [sh, start.sh]")
    .replace("migrate: [node, migrate.ts]", `migrate: [node, ${join(spark, "migrate.ts")}]`)
    .replace("migrations: prisma/migrations", `migrations: ${join(spark, "prisma/migrations")}`);
  const paths = new Map<StayingKind, string>();
  for (const kind of STAYING_KINDS) {
    const home = join(folder, kind.replaceAll(" ", "-"));
    await mkdir(home, { recursive: true });
    const start = `FOLDER=${folder}\n${STAYERS[kind]}\nexec node ${join(spark, "main.ts")}\n`;
    await writeFile(join(home, "start.sh"), start);
    await writeFile(join(home, "next.sh"), NEXT);
    await writeFile(join(home, "platform.yml"), definition);
    paths.set(kind, join(home, "platform.yml"));
  }
  return paths;
}
