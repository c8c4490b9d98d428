import { randomUUID } from "node:crypto";
import { RefusedError, systemClock } from "../core/index.ts";
import {
  judgeNote,
  type Note,
  noteText,
  readNote,
  WAR_ROOM,
  type WarRoom,
  warRoomOf,
} from "../gates/index.ts";
import { fileForRelease, type ReleasesOptions, readReleaseFiles } from "../releases/index.ts";
import { commitHere } from "./release-commit.ts";

/** Reads the war room of a release. */
export async function readWarRoom({ root }: ReleasesOptions, release: string): Promise<WarRoom> {
  const files = await readReleaseFiles(root, release, (path) => path.startsWith(`${WAR_ROOM}/`));
  return warRoomOf(files.flatMap(({ text }) => (text === null ? [] : (readNote(text) ?? []))));
}

/**
 * Files a note in the archive of a release, whose journal gives each note its place. Returns since when a signal
 * has had its value, where it did not change and nothing was filed; null where it was filed.
 *
 * @throws RefusedError `war-room` for what the rules refuse.
 */
export async function fileNote(
  releases: ReleasesOptions,
  release: string,
  note: Note,
): Promise<{ readonly unchangedSince: string | null }> {
  const judgment = judgeNote(await readWarRoom(releases, release), note);
  if (judgment.kind === "unchanged") return { unchangedSince: judgment.since };
  if (judgment.kind === "refused") throw refusal(judgment.why, judgment.nextStep);
  const stamp = note.at.replaceAll(/[-:]|\.\d+/g, "");
  await fileForRelease(releases, release, {
    ...{ command: `kanit note ${release}`, commit: await commitHere(), target: null },
    files: [
      {
        ...{ path: `${WAR_ROOM}/${stamp}-${randomUUID().slice(0, 8)}.json`, kind: `war-room.${note.kind}` },
        content: { kind: "text", text: noteText(note) },
        ...{ atMs: systemClock.nowMs(), command: `kanit note ${release}`, madeFrom: [] },
      },
    ],
  });
  // Somebody else may have taken command at the same moment, and was first.
  const { commander, log } = await readWarRoom(releases, release);
  if (log.some(({ at, kind }) => at === note.at && kind === note.kind)) return { unchangedSince: null };
  throw refusal(`${commander ?? "nobody"} commands`, "Look at the log: kanit note <release>.");
}

function refusal(why: string, nextStep: string): RefusedError {
  return new RefusedError({
    code: "war-room",
    message: `Expected a message that the rules of the war room allow, but ${why}.`,
    nextStep,
  });
}
