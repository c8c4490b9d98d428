import { base64Of, decimalOf, embeddedIn, hexOf } from "./encodings.ts";

/** One way in which a secret may be written, as the characters that a text is searched for. */
export interface Spelling {
  /** In lower case, without white space. */
  readonly characters: string;
  /** Whether white space and the separators of byte lists may be between its characters. */
  readonly isLoose: boolean;
}

/**
 * The ways in which one secret is searched for: as it is, in Base64, as hexadecimal and decimal bytes; in UTF-16 as
 * well as in UTF-8; in Base64 and hexadecimal also after it was put into JSON, an address or HTML, as tokens are made;
 * and encoded twice. How characters may be escaped within each of them is the matcher's responsibility.
 */
export function spellingsOf(secret: string): readonly Spelling[] {
  const texts = [...new Set([secret, secret.normalize("NFC"), secret.normalize("NFD")])];
  const unique = new Map<string, Spelling>();
  for (const { characters, isLoose } of texts.flatMap(spellingsOfText)) {
    const searched = characters.replaceAll(/\s+/g, "").toLowerCase();
    unique.set(searched, {
      characters: searched,
      isLoose: isLoose || unique.get(searched)?.isLoose === true,
    });
  }
  return [...unique.values()];
}

function spellingsOfText(text: string): readonly Spelling[] {
  const bytes = Buffer.from(text, "utf8");
  const wideBytes = Buffer.from(text, "utf16le");
  const isLoose = /\s/.test(text);
  const base64 = base64Of(bytes);
  const tokens = embeddedIn(text).filter((embedded) => embedded !== text);
  return [
    { characters: text, isLoose },
    // Percent-encoding and byte escapes are of the bytes in UTF-8, each of which is decoded to one character.
    { characters: bytes.toString("latin1"), isLoose },
    ...[...base64, ...base64Of(wideBytes)].map(exact),
    ...[bytes, wideBytes].map(hexOf).map(loose),
    loose(decimalOf(bytes)),
    ...[...tokens, ...base64, hexOf(bytes)].flatMap(encoded),
  ];
}

/** Of a text that is the secret in another form already. */
function encoded(text: string): readonly Spelling[] {
  const bytes = Buffer.from(text, "utf8");
  return [...base64Of(bytes).map(exact), loose(hexOf(bytes))];
}

function exact(characters: string): Spelling {
  return { characters, isLoose: false };
}

function loose(characters: string): Spelling {
  return { characters, isLoose: true };
}
