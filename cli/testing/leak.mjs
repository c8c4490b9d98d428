// Imported before Spark starts, it makes Spark leak: whatever looks like a secret in its environment is
// printed, answered and served as a metric, in many spellings. Each text that leaks is written to
// `leaked.jsonl` in the working folder too.
import { appendFileSync } from "node:fs";
import { ServerResponse } from "node:http";

const SECRET_NAME = /SECRET|TOKEN|KEY|PASS|WEBHOOK|DATABASE_URL/;
const ANSWERS_BETWEEN_LEAKS = 9;

/** How one secret is written by programs, by name. */
const SPELLINGS = {
  raw: (secret) => secret,
  quoted: (secret) => `key="${secret}"`,
  base64: (secret) => Buffer.from(secret).toString("base64"),
  base64url: (secret) => Buffer.from(secret).toString("base64url"),
  "base64 of Basic": (secret) => Buffer.from(`spark:${secret}`).toString("base64"),
  hex: (secret) => Buffer.from(secret).toString("hex"),
  "hex with colons": (secret) =>
    Buffer.from(secret)
      .toString("hex")
      .replaceAll(/..(?=.)/g, "$&:"),
  "percent-encoded": (secret) => encodeURIComponent(secret),
  "every byte percent-encoded": (secret) => Buffer.from(secret).toString("hex").replaceAll(/../g, "%$&"),
  "in an address": (secret) => `postgres://spark:${encodeURIComponent(secret)}@127.0.0.1:5432/spark`,
  JSON: (secret) => JSON.stringify({ secret }),
  "JSON in JSON": (secret) => JSON.stringify(JSON.stringify({ secret })),
  "\\u escapes": (secret) =>
    Array.from(secret, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
  HTML: (secret) => secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;"),
  colored: (secret) => `\u001b[31m${secret}\u001b[0m`,
  "colored in the middle": (secret) => `${secret.slice(0, 6)}\u001b[1;32m${secret.slice(6)}`,
  "broken over lines": (secret) => secret.replaceAll(/.{7}(?=.)/g, "$&\n"),
};

// biome-ignore lint/style/noProcessEnv: what leaks is the environment.
const secrets = Object.entries(process.env)
  .filter(([name]) => SECRET_NAME.test(name))
  .map(([name, value]) => ({ name, secret: name === "DATABASE_URL" ? new URL(value).password : value }));
const leaks = secrets.flatMap(({ name, secret }) =>
  Object.entries(SPELLINGS).map(([spelling, write]) => ({ name, spelling, secret, text: write(secret) })),
);
for (const leak of leaks) appendFileSync("leaked.jsonl", `${JSON.stringify(leak)}\n`);

/** Each text whole, then in two writes of its own. */
function printTo(stream) {
  for (const { name, spelling, text } of leaks) {
    const half = Math.floor(text.length / 2);
    stream.write(`leaking ${name} (${spelling}): ${text}\n`);
    stream.write(`leaking ${name} (${spelling}, in two writes): ${text.slice(0, half)}`);
    stream.write(`${text.slice(half)}\n`);
  }
}

printTo(process.stderr);

const lineOf = (text) => text.replaceAll(/[\r\n]+/g, " ");
const label = (text) => text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
const metrics = leaks
  .map(({ name, text }, index) => `leak_info{name="${name}",number="${index}",value="${label(text)}"} 1\n`)
  .join("");

let answers = 0;
let isFirst = true;
const { end, writeHead } = ServerResponse.prototype;

/** The head of an answer is kept back until its body is known, since a leak changes its length and status. */
ServerResponse.prototype.writeHead = function (status, headers) {
  this.keptHead = { status, headers: { ...headers, "x-debug": encodeURIComponent(secrets[0].secret) } };
  return this;
};

ServerResponse.prototype.end = function (chunk, ...rest) {
  if (isFirst) printTo(process.stdout);
  isFirst = false;
  const { keptHead } = this;
  if (keptHead === undefined) return end.call(this, chunk, ...rest);
  const { status, body } = leaking(this.req, keptHead.status, chunk);
  const headers = { ...keptHead.headers };
  if (body !== undefined && body !== null) headers["content-length"] = Buffer.byteLength(body);
  writeHead.call(this, status, headers);
  return end.call(this, body, ...rest);
};

/**
 * What is answered: with every leak as a metric, and for some of the orders with the next secret as the order's id. The
 * first of these is an error that quotes it; more of them would keep the platform from its steady state.
 */
function leaking({ method, url }, status, body) {
  if (url === "/metrics") return { status, body: `${body}# ${lineOf(leaks[0].text)}\n${metrics}` };
  if (method !== "POST" || url !== "/api/orders" || ++answers % ANSWERS_BETWEEN_LEAKS !== 0)
    return { status, body };
  const { text } = leaks[(answers / ANSWERS_BETWEEN_LEAKS - 1) % leaks.length];
  if (answers === ANSWERS_BETWEEN_LEAKS)
    return { status: 500, body: JSON.stringify({ error: `venue refused ${text}` }) };
  return { status, body: JSON.stringify({ ...JSON.parse(body), id: text }) };
}
