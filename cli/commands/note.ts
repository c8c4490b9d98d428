import type { Command } from "commander";
import { systemClock, UsageError } from "../../core/index.ts";
import { type Note, noteLine } from "../../gates/index.ts";
import type { CommandContext } from "../context.ts";
import { nonEmpty } from "../parse-arguments.ts";
import { type ArchiveFlags, release, releasesOf, withArchiveFlag } from "../release-flags.ts";
import { fileNote, readWarRoom } from "../war-room-log.ts";

interface NoteFlags extends ArchiveFlags {
  readonly by?: string;
  readonly signal?: string;
  readonly decision?: boolean;
  readonly takeCommand?: boolean;
  readonly handOver?: string;
}

/** `kanit note <release> [text…]`: the log of the war room; without a text it is printed. */
export function addNoteCommand(program: Command, context: CommandContext): void {
  withArchiveFlag(
    program
      .command("note")
      .description("add a message to the war room of a release; without one, print the log and who commands")
      .argument("<release>", "the release: v1.4.0", release)
      .argument("[text...]", "the message, or the value of the signal")
      .option("--by <name>", "who says it (default: the user who runs the command)", nonEmpty)
      .option("--signal <name>", "a signal, which is noted when it changes: p95", nonEmpty)
      .option("--decision", "a decision, of the commander only")
      .option("--take-command", "command, where nobody does")
      .option("--hand-over <name>", "hand command over to somebody else", nonEmpty),
  ).action((name: string, words: readonly string[], flags: NoteFlags) =>
    note(name, words.join(" ").trim(), flags, context),
  );
}

async function note(name: string, text: string, flags: NoteFlags, context: CommandContext): Promise<void> {
  const { environment, output } = context;
  const releases = releasesOf(flags, environment);
  const said = noteOf(text, flags, environment.user);
  if (said !== null) {
    const { unchangedSince } = await fileNote(releases, name, said);
    output.line(
      unchangedSince === null
        ? noteLine(said)
        : `not noted: ${flags.signal} is unchanged since ${unchangedSince}`,
    );
    output.result({ note: said, unchangedSince });
    return;
  }
  const { commander, log } = await readWarRoom(releases, name);
  for (const each of log) output.line(noteLine(each));
  output.line(commander === null ? "nobody commands" : `${commander} commands`);
  output.result({ commander, log });
}

/** The note that the flags describe; null where there is nothing to be said. */
function noteOf(text: string, flags: NoteFlags, user: string): Note | null {
  const { signal, decision, takeCommand, handOver } = flags;
  const base = { at: new Date(systemClock.nowMs()).toISOString(), by: flags.by ?? user };
  const kinds = [signal, decision, takeCommand, handOver].filter((each) => each !== undefined);
  if (kinds.length > 1) throw wrong("one of --signal, --decision, --take-command and --hand-over", "several");
  if (takeCommand === true) return { ...base, kind: "command-taken" };
  if (handOver !== undefined) return { ...base, kind: "command-handed", to: handOver };
  if (text === "" && kinds.length > 0) throw wrong("a text", "none");
  if (signal !== undefined) return { ...base, kind: "signal", signal, value: text };
  if (decision === true) return { ...base, kind: "decision", text };
  return text === "" ? null : { ...base, kind: "remark", text };
}

function wrong(expected: string, got: string): UsageError {
  return new UsageError({
    code: "bad-note",
    message: `Expected ${expected}, got ${got}.`,
    nextStep: 'As in: kanit note v1.4.0 --signal p95 "240 ms, limit 200 ms"',
  });
}
