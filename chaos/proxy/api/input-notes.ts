import { ApiError } from "./api-error.ts";

/** The largest number of notes that an answer repeats; a body may have thousands of unknown fields. */
const MAX_NOTES = 10;

/** What of a request's body has no effect. A strict client gets an error instead. */
export class InputNotes {
  readonly #strict: boolean;
  readonly #notes: string[] = [];
  #omitted = 0;

  constructor({ strict }: { readonly strict: boolean }) {
    this.#strict = strict;
  }

  /** @throws ApiError 400 when the client is strict. */
  add(note: string): void {
    if (this.#strict) throw ApiError.badBody(note);
    if (this.#notes.length < MAX_NOTES) this.#notes.push(note);
    else this.#omitted += 1;
  }

  /** The answer's headers: one `Warning` that holds all notes, in printable ASCII. None without a note. */
  toHeaders(): Readonly<Record<string, string>> {
    if (this.#notes.length === 0) return {};
    const more = this.#omitted === 0 ? [] : [`and ${this.#omitted} more`];
    const text = [...this.#notes, ...more].join("; ").replaceAll('"', "'");
    return { warning: `299 kanit "${text.replace(/[^\x20-\x7e]/g, "?")}"` };
  }
}

/** The notes for what only kanit's own clients send, where every mistake is an error. */
export function strictNotes(): InputNotes {
  return new InputNotes({ strict: true });
}
