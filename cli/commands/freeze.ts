import type { Command } from "commander";
import { systemClock } from "../../core/index.ts";
import type { Note } from "../../gates/index.ts";
import type { CommandContext } from "../context.ts";
import { beginFreeze, liftFreeze, readFreeze } from "../freeze-file.ts";
import { makeOutputFolder } from "../output-folder.ts";
import { nonEmpty } from "../parse-arguments.ts";
import { type ArchiveFlags, release, releasesOf, withArchiveFlag } from "../release-flags.ts";
import { fileNote, readWarRoom } from "../war-room-log.ts";

interface FreezeFlags extends ArchiveFlags {
  readonly by?: string;
}

const LABEL = "hold-for-canary";

/** `kanit freeze start`, `lift` and `check`: nothing but the release is merged while it goes out. */
export function addFreezeCommand(program: Command, context: CommandContext): void {
  const freeze = program
    .command("freeze")
    .description("hold pull requests while a release goes out; ask whether they are held");
  const command = (name: string, description: string) =>
    withArchiveFlag(
      freeze.command(name).description(description).argument("<release>", "the release: v1.4.0", release),
    ).option("--by <name>", "who (default: the user who runs the command)", nonEmpty);
  command("start", "begin the freeze of a release").action((name: string, flags: FreezeFlags) =>
    start(name, flags, context),
  );
  command("lift", "lift the freeze of a release; of who commands, where somebody does").action(
    (name: string, flags: FreezeFlags) => lift(name, flags, context),
  );
  withArchiveFlag(
    freeze.command("check").description("exit code 0 where nothing is frozen, 1 where something is"),
  ).action((flags: ArchiveFlags) => check(flags, context));
}

async function start(
  name: string,
  flags: FreezeFlags,
  { environment, output }: CommandContext,
): Promise<void> {
  const releases = releasesOf(flags, environment);
  makeOutputFolder(releases.root, "--archive");
  const by = flags.by ?? environment.user;
  const at = new Date(systemClock.nowMs()).toISOString();
  const freeze = await beginFreeze(releases.root, { release: name, by, at });
  const isNew = freeze.at === at;
  if (isNew) {
    await fileNote(releases, name, {
      kind: "remark",
      at,
      by,
      text: `freeze begins: pull requests get ${LABEL}`,
    });
  }
  output.line(`frozen for ${name} since ${freeze.at}, by ${freeze.by}`);
  output.line(
    `  by hand: gh pr list --json number --jq '.[].number' | xargs -n1 gh pr edit --add-label ${LABEL}`,
  );
  output.result({ freeze });
}

async function lift(
  name: string,
  flags: FreezeFlags,
  { environment, output }: CommandContext,
): Promise<void> {
  const releases = releasesOf(flags, environment);
  const held = await readFreeze(releases.root);
  if (held?.release === name) {
    const { commander } = await readWarRoom(releases, name);
    const at = new Date(systemClock.nowMs()).toISOString();
    const base = { at, by: flags.by ?? environment.user, text: "freeze is lifted" };
    const note: Note = { ...base, kind: commander === null ? "remark" : "decision" };
    await fileNote(releases, name, note);
  }
  await liftFreeze(releases.root, name);
  if (held?.release === name) {
    output.line(`not frozen any more: ${name}`);
    output.line(
      `  by hand: gh pr list --label ${LABEL} --json number --jq '.[].number' | xargs -n1 gh pr edit --remove-label ${LABEL}`,
    );
  } else output.line(`nothing was frozen for ${name}`);
  output.result({ freeze: null });
}

async function check(flags: ArchiveFlags, { environment, output, conclude }: CommandContext): Promise<void> {
  const freeze = await readFreeze(releasesOf(flags, environment).root);
  output.line(
    freeze === null
      ? "nothing is frozen"
      : `frozen for ${freeze.release} since ${freeze.at}, by ${freeze.by}`,
  );
  output.result({ freeze });
  conclude(freeze === null ? "pass" : "fail");
}
