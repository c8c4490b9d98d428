import { frontendFraming, startUpFraming } from "./framing.ts";
import { readText } from "./message-body.ts";
import { MessageReader, type PgMessage } from "./message-reader.ts";
import { StatementBook } from "./statement-book.ts";

/** How SQL begins that names a query for later ones; only such text is read in full. */
const NAMES_A_QUERY = /^\s*(?:prepare|declare)\s/i;
const BEGINNING_BYTES = 32;

interface Reading {
  readonly reader: MessageReader;
  readonly book: StatementBook;
}

/**
 * Remembers what a client prepares, from the first byte of its connection: a toxic that joins later would not
 * know what is executed. It ends at once on a connection that is not PostgreSQL's, and where it is encrypted.
 */
export class StatementWatch {
  #reading: Reading | "none" | "over" = "none";

  /** The statements that are known; undefined when the connection cannot be read. */
  get book(): StatementBook | undefined {
    return typeof this.#reading === "string" ? undefined : this.#reading.book;
  }

  /** Reads what the client sent, in memory that may be only lent. Returns whether it needs to see what follows. */
  see(chunk: Buffer): boolean {
    if (this.#reading === "over") return false;
    if (this.#reading === "none") {
      this.#reading = { reader: new MessageReader(startUpFraming), book: new StatementBook() };
    }
    const { reader, book } = this.#reading;
    reader.feed(chunk);
    for (let part = reader.next(); part !== undefined; part = reader.next()) {
      if (part.first && part.message.type === "start-up") reader.use(frontendFraming);
      if (part.first && part.message.type === "cancel") this.#reading = "over";
      if (part.first) note(part.message, book);
    }
    reader.keepOwnCopy();
    if (reader.complaint !== undefined) this.#reading = "over";
    return this.#reading !== "over";
  }
}

function note(message: PgMessage, book: StatementBook): void {
  const { type, body } = message;
  if (type === "P" || type === "C") book.note(message);
  if (type === "Q" && NAMES_A_QUERY.test(body.toString("latin1", 0, BEGINNING_BYTES)))
    book.noteQuery(readText(body));
}
