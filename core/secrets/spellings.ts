/** One way in which a secret may be written, as the characters that a text is searched for. */
export interface Spelling {
  /** In lower case, without white space. */
  readonly characters: string;
  /** Whether white space and the separators of byte lists may stand between its characters. */
  readonly isLoose: boolean;
}

const BYTE_RADIX = 10;

/**
 * The ways in which one secret is searched for: as it is, as Base64 and Base64url at each of the three places where
 * it can begin within longer Base64 (`Basic …` holds a user's name before it), as hexadecimal and decimal bytes. How
 * characters may be escaped within each of them is the matcher's business.
 */
export function spellingsOf(secret: string): readonly Spelling[] {
  const bytes = Buffer.from(secret, "utf8");
  const byteTexts = [bytes.toString("hex"), [...bytes].map((byte) => byte.toString(BYTE_RADIX)).join("")];
  const base64 = [bytes.toString("base64"), ...[0, 1, 2].map((offset) => base64At(bytes, offset))];
  const spellings: readonly Spelling[] = [
    { characters: secret, isLoose: /\s/.test(secret) },
    // Percent-encoding and byte escapes are of the bytes in UTF-8, each of which is decoded to one character.
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

/** The characters of Base64 that depend on the secret only, when `offset` bytes stand before it. */
function base64At(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
  const charactersOf = (count: number): number => (count * 8) / 6;
  return text.slice(Math.ceil(charactersOf(offset)), Math.floor(charactersOf(offset + bytes.length)));
}
