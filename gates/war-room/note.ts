import { z } from "zod";

const who = z.string().min(1);
const at = z.iso.datetime();

const schema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("command-taken"), at, by: who }),
  z.object({ kind: z.literal("command-handed"), at, by: who, to: who }),
  z.object({ kind: z.literal("signal"), at, by: who, signal: who, value: z.string() }),
  z.object({ kind: z.literal("decision"), at, by: who, text: z.string() }),
  z.object({ kind: z.literal("remark"), at, by: who, text: z.string() }),
]);

/** One message in the war room of a release. */
export type Note = z.infer<typeof schema>;

/** The folder of the notes in a release's archive. */
export const WAR_ROOM = "war-room";

/** Reads a note; null for a text that is none. */
export function readNote(text: string): Note | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** A note as it is filed. */
export function noteText(note: Note): string {
  return `${JSON.stringify(note)}\n`;
}

/** A note in a line: `12:04:11Z  mara      signal p95: 240 ms, limit 200 ms`. */
export function noteLine(note: Note): string {
  return `${note.at.slice(0, 19)}Z  ${note.by.padEnd(12)}  ${said(note)}`;
}

function said(note: Note): string {
  switch (note.kind) {
    case "command-taken":
      return "takes command";
    case "command-handed":
      return `hands command over to ${note.to}`;
    case "signal":
      return `signal ${note.signal}: ${note.value}`;
    case "decision":
      return `DECISION: ${note.text}`;
    case "remark":
      return note.text;
  }
}
