/** One way to write a secret: the characters that are searched for. */
export interface Spelling {
  /** In lower case, without white space. */
  readonly characters: string;
  /** Whether white space and the separators of byte lists may occur between its characters. */
  readonly isLoose: boolean;
}

const BYTE_RADIX = 10;

/**
 * The ways in which one secret is searched for: as it is, as Base64 and Base64url at each of the three
 * offsets that it can have within longer Base64 (`Basic …` has a user name before it), and as hexadecimal and
 * decimal bytes. The matcher handles escaped characters within each of them.
 */
export function spellingsOf(secret: string): readonly Spelling[] {
  const bytes = Buffer.from(secret, "utf8");
  const byteTexts = [bytes.toString("hex"), [...bytes].map((byte) => byte.toString(BYTE_RADIX)).join("")];
  const base64 = [bytes.toString("base64"), ...[0, 1, 2].map((offset) => base64At(bytes, offset))];
  const spellings: readonly Spelling[] = [
    { characters: secret, isLoose: /\s/.test(secret) },
    // Percent-encoding and byte escapes encode the bytes in UTF-8, each of which is decoded to one character.
    { characters: bytes.toString("latin1"), isLoose: /\s/.test(secret) },
    ...base64.flatMap((text) => [text, text.replaceAll("+", "-").replaceAll("/", "_")]).map(exact),
    ...byteTexts.map((characters) => ({ characters, isLoose: true })),
  ];
  const unique = new Map<string, Spelling>();
  for (const { characters, isLoose } of spellings) {
    const searched = characters.replaceAll(/\s+/g, "").toLowerCase();
    unique.set(searched, {
      characters: searched,
      isLoose: isLoose || unique.get(searched)?.isLoose === true,
    });
  }
  return [...unique.values()];
}

function exact(characters: string): Spelling {
  return { characters, isLoose: false };
}

/** The characters of Base64 that depend only on the secret, when `offset` bytes come before it. */
function base64At(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
  const charactersOf = (count: number): number => (count * 8) / 6;
  return text.slice(Math.ceil(charactersOf(offset)), Math.floor(charactersOf(offset + bytes.length)));
}
