import { inspect } from "node:util";

/** A secret with characters that every encoding has to escape, of a length that Base64 pads. */
export const AWKWARD_SECRET = `s3cr3t/Va"l&e+1=%<ü>\\x`;
/** In the form of venues' keys and tokens. */
export const PLAIN_SECRET = "zQ9fK2mX7wL4tR8vB1nC";
/** In the form in which certificates' keys are configured. */
export const KEY_SECRET = [
  "-----BEGIN EC PRIVATE KEY-----",
  "MHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY+PuoAoGCCqGSM49",
  "AwEHoUQDQgAEPR3tU2Fta9ktY+6P9G0cWO+0kETA6SFs38GecTyudlHz6xvCdz8q",
  "EKTcWGekdmdDPsHloRNtsiCa697B2O9IFA==",
  "-----END EC PRIVATE KEY-----",
].join("\n");

/** With what shells quote, and with characters that have two forms in Unicode. */
export const QUOTED_SECRET = "it's $HOME`whoami`!ñ-ünïque";
/** As people choose them. */
export const PASSPHRASE = "correct horse battery staple";

const each = (text: string, write: (character: string) => string): string => Array.from(text, write).join("");
const bytes = (text: string, write: (byte: number) => string, separator = ""): string =>
  [...Buffer.from(text)].map((byte) => write(byte)).join(separator);
const hex = (value: number, width = 2): string => value.toString(16).padStart(width, "0");
const code = (character: string): number => character.codePointAt(0) ?? 0;
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const wrapped = (text: string, width: number, by: string): string =>
  text.replaceAll(new RegExp(`(.{${width}})(?=.)`, "gsu"), `$1${by}`);
const html = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;", "/": "&sol;", "+": "&plus;" },
  ...{ "=": "&equals;", "%": "&percnt;", "\\": "&bsol;", "!": "&excl;", $: "&dollar;", "`": "&grave;" },
  ...{ "-": "&hyphen;" },
};

/** How programs write a secret in logs, addresses, dumps and errors. */
const WRITTEN: Readonly<Record<string, (secret: string) => string>> = {
  plain: (s) => s,
  "in a sentence": (s) => `the key is ${s}.`,
  "in brackets": (s) => `[${s}] (${s}) {${s}} <${s}>`,
  "between letters": (s) => `abc${s}def`,
  twice: (s) => `${s}${s}`,
  "after its own beginning": (s) => `${s.slice(0, 4)}${s}`,
  "in upper case": (s) => s.toUpperCase(),
  "in lower case": (s) => s.toLowerCase(),
  "KEY=value": (s) => `VENUE_KEY=${s}`,
  "export KEY='value'": (s) => `export VENUE_KEY='${s}'`,
  "--flag=value": (s) => `kanit --key=${s} --seed 1`,
  "Dump of an environment": (s) => `PATH=/bin\nVENUE_KEY=${s}\nHOME=/root`,
  "Authorization: Bearer": (s) => `Authorization: Bearer ${s}`,
  "AUTHORIZATION: bearer": (s) => `AUTHORIZATION: bearer ${s}`,
  "x-mbx-APIKEY": (s) => `x-mbx-APIKEY: ${s}`,
  "Basic, as user": (s) => `Basic ${base64(`${s}:x`)}`,
  "Basic, as password of a": (s) => `Basic ${base64(`a:${s}`)}`,
  "Basic, as password of ab": (s) => `Basic ${base64(`ab:${s}`)}`,
  "Basic, as password of abc": (s) => `Basic ${base64(`abc:${s}`)}`,
  base64: base64,
  "base64 without padding": (s) => base64(s).replaceAll("=", ""),
  base64url: (s) => Buffer.from(s).toString("base64url"),
  "base64 within more": (s) => base64(`{"key":"${s}","n":1}`),
  "base64url within more": (s) => Buffer.from(`user=${s};`).toString("base64url"),
  "base64 in lines of 76": (s) => wrapped(base64(`${"x".repeat(60)}${s}`), 76, "\n"),
  "base64 in lines of 10": (s) => wrapped(base64(s), 10, "\r\n"),
  "base64, percent-encoded": (s) => encodeURIComponent(base64(s)),
  "base64 in JSON": (s) => JSON.stringify({ key: base64(s) }).replaceAll("/", "\\/"),
  hex: (s) => bytes(s, (b) => hex(b)),
  HEX: (s) => Buffer.from(s).toString("hex").toUpperCase(),
  "hex with spaces": (s) => bytes(s, (b) => hex(b), " "),
  "hex with colons": (s) => bytes(s, (b) => hex(b), ":"),
  "hex with dashes": (s) => bytes(s, (b) => hex(b), "-"),
  "0x bytes": (s) => bytes(s, (b) => `0x${hex(b)}`, ", "),
  "0xhex": (s) => `0x${Buffer.from(s).toString("hex")}`,
  "\\x of Postgres's bytea": (s) => `\\x${Buffer.from(s).toString("hex")}`,
  "\\x escapes": (s) => bytes(s, (b) => `\\x${hex(b)}`),
  "octal escapes": (s) => bytes(s, (b) => `\\${b.toString(8).padStart(3, "0")}`),
  "a shown buffer": (s) => inspect(Buffer.from(s)).replace(/ \.\.\. .*>/, ">"),
  "a buffer in JSON": (s) => JSON.stringify(Buffer.from(s)),
  "a buffer in JSON, indented": (s) => JSON.stringify(Buffer.from(s), null, 2),
  "percent-encoded": encodeURIComponent,
  "percent-encoded, lower case": (s) => encodeURIComponent(s).replaceAll(/%../g, (e) => e.toLowerCase()),
  "every byte percent-encoded": (s) => bytes(s, (b) => `%${hex(b).toUpperCase()}`),
  "every byte percent-encoded, lower case": (s) => bytes(s, (b) => `%${hex(b)}`),
  "percent-encoded twice": (s) => encodeURIComponent(encodeURIComponent(s)),
  "form-encoded": (s) => new URLSearchParams({ key: s }).toString(),
  "in a query": (s) => `http://127.0.0.1/x?key=${encodeURIComponent(s)}&n=1`,
  "in a fragment": (s) => `http://127.0.0.1/x#${encodeURIComponent(s)}`,
  "in a path": (s) => `http://127.0.0.1/x/${encodeURIComponent(s)}/y`,
  "as user of a URL": (s) => `https://${encodeURIComponent(s)}@host/x`,
  "as password of a URL": (s) => `postgres://spark:${encodeURIComponent(s)}@127.0.0.1:5432/spark`,
  "as password of a URL, raw": (s) => `postgres://spark:${s}@127.0.0.1:5432/spark`,
  "in JSON": (s) => JSON.stringify({ key: s }),
  "in JSON, twice": (s) => JSON.stringify(JSON.stringify({ key: s })),
  "in JSON, three times": (s) => JSON.stringify(JSON.stringify(JSON.stringify({ key: s }))),
  "in JSON with \\/": (s) => JSON.stringify(s).replaceAll("/", "\\/"),
  "\\u escapes": (s) => each(s, (c) => `\\u${hex(code(c), 4)}`),
  "\\U escapes in upper case": (s) => each(s, (c) => `\\u${hex(code(c), 4).toUpperCase()}`),
  "\\u escapes in JSON": (s) => JSON.stringify(each(s, (c) => `\\u${hex(code(c), 4)}`)),
  "\\u{} escapes": (s) => each(s, (c) => `\\u{${hex(code(c), 1)}}`),
  "as a key in JSON": (s) => JSON.stringify({ [s]: true }),
  "in an array": (s) => JSON.stringify(["a", s, "b"]),
  "shown by Node": (s) => inspect({ key: s }),
  "shown by Node, deep": (s) => inspect({ a: { b: [s, "x".repeat(60)] } }),
  "in HTML": html,
  "in HTML, twice": (s) => html(html(s)),
  "in XML": (s) => html(s).replaceAll("'", "&apos;"),
  "decimal entities": (s) => each(s, (c) => `&#${code(c)};`),
  "hexadecimal entities": (s) => each(s, (c) => `&#x${hex(code(c))};`),
  "hexadecimal ENTITIES": (s) => each(s, (c) => `&#X${hex(code(c)).toUpperCase()};`),
  "escaped for Markdown": (s) => s.replaceAll(/[\\_*&<>"|`]/g, "\\$&"),
  "escaped for a shell": (s) => s.replaceAll(/[^\w]/gu, "\\$&"),
  "escaped for a pattern": (s) => s.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&"),
  "quoted-printable": (s) =>
    bytes(s, (b) => (b < 33 || b > 126 || b === 61 ? `=${hex(b).toUpperCase()}` : String.fromCharCode(b))),
  "quoted-printable in lines": (s) => wrapped(s, 7, "=\n"),
  "broken over lines": (s) => wrapped(s, 5, "\n"),
  "broken over lines with \\r\\n": (s) => wrapped(s, 8, "\r\n"),
  "broken and indented": (s) => wrapped(s, 8, "\n    "),
  "folded header": (s) => `X-Key: ${wrapped(s, 9, "\r\n ")}`,
  "continued in a shell": (s) => wrapped(s, 6, "\\\n"),
  "joined strings": (s) => `"${wrapped(s, 7, '" +\n  "')}"`,
  "adjacent strings": (s) => `'${wrapped(s, 7, "'\n  '")}'`,
  "broken by \\n in JSON": (s) => JSON.stringify(wrapped(s, 8, "\n")),
  "in a comment's lines": (s) => wrapped(s, 9, "\n# "),
  "in a quoted mail": (s) => wrapped(s, 9, "\n> "),
  "a character a line": (s) => each(s, (c) => `${c}\n`),
  colored: (s) => `\u001b[31m${s}\u001b[0m`,
  "colored in the middle": (s) => `${s.slice(0, 6)}\u001b[1;32m${s.slice(6)}`,
  "colored in the middle, in JSON": (s) => JSON.stringify(`${s.slice(0, 6)}\u001b[1;32m${s.slice(6)}`),
  "with zero bytes between": (s) => each(s, (c) => `${c}\u0000`),
  "with its end cut off": (s) => `got "${s.slice(0, -3)}…`,
  "in an error's stack": (s) => `Error: refused ${s}\n    at connect (file.ts:1:1)`,
  "in a log line of JSON": (s) => `{"level":"info","msg":${JSON.stringify(`connects with ${s}`)}}`,
  "in YAML": (s) => `environment:\n  KEY: ${JSON.stringify(s)}`,
  "in a table": (s) => `| name | ${s} | x |`,
  "in single quotes of a shell": (s) => `KEY='${s.replaceAll("'", "'\\''")}'`,
  "in single quotes, closed by double ones": (s) => `KEY='${s.replaceAll("'", `'"'"'`)}'`,
  "in double quotes of a shell": (s) => `KEY="${s.replaceAll(/["$`\\!]/g, "\\$&")}"`,
  "in $'' of a shell": (s) => `KEY=$'${s.replaceAll(/['\\]/g, "\\$&")}'`,
  "with named entities": (s) => each(s, (c) => ENTITIES[c] ?? c),
  "\\x{} escapes": (s) => each(s, (c) => `\\x{${hex(code(c), 1)}}`),
  "escaped for CSS": (s) => each(s, (c) => (/[a-z]/i.test(c) ? c : `\\${hex(code(c), 1)} `)),
  "in Unicode's other form": (s) => s.normalize("NFD"),
  "percent-encoded in Unicode's other form": (s) => encodeURIComponent(s.normalize("NFD")),
  "percent-encoded with + for spaces": (s) => encodeURIComponent(s).replaceAll("%20", "+"),
  "in the Q encoding of mails": (s) =>
    `=?UTF-8?Q?${bytes(s, (b) => (b === 32 ? "_" : b < 33 || b > 126 || b === 61 || b === 63 || b === 95 ? `=${hex(b).toUpperCase()}` : String.fromCharCode(b)))}?=`,
  "base64 of JSON": (s) => base64(JSON.stringify({ iss: "a", key: s })),
  "base64url of JSON, as in a token": (s) => Buffer.from(JSON.stringify({ key: s })).toString("base64url"),
  "base64 of the percent-encoded": (s) => base64(`key=${encodeURIComponent(s)}&n=1`),
  "base64 of HTML": (s) => base64(`<p>${html(s)}</p>`),
  "base64 of base64": (s) => base64(base64(s)),
  "base64 of base64 within more": (s) => base64(`Basic ${base64(`user:${s}`)}`),
  "hex of base64": (s) => Buffer.from(base64(s)).toString("hex"),
  "base64 of hex": (s) => base64(Buffer.from(s).toString("hex")),
  "percent-encoded three times": (s) => encodeURIComponent(encodeURIComponent(encodeURIComponent(s))),
  "base64 of UTF-16": (s) => Buffer.from(s, "utf16le").toString("base64"),
  "hex of UTF-16": (s) => Buffer.from(s, "utf16le").toString("hex"),
  "base64 in lines of 64": (s) => wrapped(base64(`${"x".repeat(40)}${s}`), 64, "\n"),
  "base64 in lines of 76, \\r\\n": (s) => wrapped(base64(`${"x".repeat(50)}${s}`), 76, "\r\n"),
  "base64 in lines, in JSON": (s) => JSON.stringify(wrapped(base64(`${"x".repeat(40)}${s}`), 64, "\n")),
  "hex in lines of 32": (s) => wrapped(Buffer.from(s).toString("hex"), 32, "\n"),
  "in CSV": (s) => `a,"${s.replaceAll('"', '""')}",b`,
};

/** A secret in one of its spellings, with text around it. */
interface WrittenSecret {
  readonly name: string;
  readonly secret: string;
  readonly text: string;
  /** How many characters of the text do not belong to the secret. */
  readonly around: number;
}

/** Each spelling with each kind of secret: name and text. */
export function writtenSecrets(): readonly WrittenSecret[] {
  return [AWKWARD_SECRET, PLAIN_SECRET, KEY_SECRET, QUOTED_SECRET, PASSPHRASE].flatMap((secret) =>
    Object.entries(WRITTEN).map(([name, write]) => ({
      name,
      secret,
      text: write(secret),
      around: write("").length,
    })),
  );
}
