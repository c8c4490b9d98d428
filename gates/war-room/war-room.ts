import type { Note } from "./note.ts";

/** Whether a note belongs into the log, and why not. */
export type NoteJudgment =
  | { readonly kind: "noted" }
  /** The signal has the value that it had before. */
  | { readonly kind: "unchanged"; readonly since: string }
  | { readonly kind: "refused"; readonly why: string; readonly nextStep: string };

/** Who commands, and what the signals say. */
export interface WarRoom {
  /** Null: nobody. */
  readonly commander: string | null;
  /** The newest change of each signal. */
  readonly signals: ReadonlyMap<string, Extract<Note, { kind: "signal" }>>;
  /** The notes that count. */
  readonly log: readonly Note[];
}

const EMPTY: WarRoom = { commander: null, signals: new Map(), log: [] };

/**
 * Reads the notes in the order in which they were filed. Of two people who took command at the same time the first
 * has it; what the rules refuse does not count.
 */
export function warRoomOf(notes: readonly Note[]): WarRoom {
  return notes.reduce<WarRoom>(
    (room, note) => (judgeNote(room, note).kind === "noted" ? withNote(room, note) : room),
    EMPTY,
  );
}

/**
 * Judges a note by the rules of the war room: there is one commander, who alone decides and hands over, and a
 * signal is a message only when it changes.
 */
export function judgeNote({ commander, signals }: WarRoom, note: Note): NoteJudgment {
  switch (note.kind) {
    case "command-taken":
      return commander === null || commander === note.by
        ? commander === note.by
          ? { kind: "refused", why: `${note.by} commands already`, nextStep: "Go on." }
          : { kind: "noted" }
        : {
            kind: "refused",
            why: `${commander} commands`,
            nextStep: `${commander} hands over: kanit note <release> --hand-over ${note.by} --by ${commander}.`,
          };
    case "command-handed":
    case "decision":
      return commander === note.by ? { kind: "noted" } : notCommander(commander, note.by);
    case "signal": {
      const last = signals.get(note.signal);
      return last?.value === note.value ? { kind: "unchanged", since: last.at } : { kind: "noted" };
    }
    case "remark":
      return { kind: "noted" };
  }
}

function notCommander(commander: string | null, by: string): NoteJudgment {
  return commander === null
    ? {
        kind: "refused",
        why: "nobody commands",
        nextStep: `Take command first: kanit note <release> --take-command --by ${by}.`,
      }
    : { kind: "refused", why: `${commander} commands, not ${by}`, nextStep: `Ask ${commander}.` };
}

function withNote({ commander, signals, log }: WarRoom, note: Note): WarRoom {
  return {
    commander: note.kind === "command-taken" ? note.by : note.kind === "command-handed" ? note.to : commander,
    signals: note.kind === "signal" ? new Map([...signals, [note.signal, note]]) : signals,
    log: [...log, note],
  };
}
