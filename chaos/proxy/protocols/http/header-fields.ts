import { Unreadable } from "./unreadable.ts";

/** One header field, its name in lower case. */
export interface HeaderField {
  readonly name: string;
  readonly value: string;
}

// RFC 9110, 5.6.2. Whitespace before the colon is an error that must be rejected (RFC 9112, 5.1).
const FIELD = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):(.*)$/;

/** Header fields, looked up by name without regard to case. */
export class HeaderFields {
  readonly #fields: readonly HeaderField[];

  constructor(fields: readonly HeaderField[]) {
    this.#fields = fields;
  }

  /** Reads the lines between the start line and the empty line. A folded line belongs to the one before it. */
  static read(lines: readonly string[]): HeaderFields | Unreadable {
    const fields: HeaderField[] = [];
    for (const line of lines) {
      if (line.startsWith(" ") || line.startsWith("\t")) {
        const folded = fields.pop();
        if (folded === undefined) return new Unreadable("a folded line with no header field before it");
        fields.push({ name: folded.name, value: `${folded.value} ${line.trim()}` });
        continue;
      }
      const match = FIELD.exec(line);
      if (match === null) return new Unreadable("a header field was expected");
      fields.push({ name: (match[1] ?? "").toLowerCase(), value: (match[2] ?? "").trim() });
    }
    return new HeaderFields(fields);
  }

  /** Every value of the field, with the members of a list separated (RFC 9110, 5.6.1), in lower case. */
  listOf(name: string): readonly string[] {
    return this.#fields
      .filter((field) => field.name === name)
      .flatMap(({ value }) => value.split(","))
      .map((member) => member.trim().toLowerCase())
      .filter((member) => member !== "");
  }

  has(name: string): boolean {
    return this.#fields.some((field) => field.name === name);
  }
}
