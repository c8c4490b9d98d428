import type { FastifyInstance, FastifyReply } from "fastify";
import type { HttpContext } from "./context.ts";
import { newNonce, setSecurityHeaders } from "./security-headers.ts";

/** The HTML pages: the start page and the dashboard. */
export function addPages(server: FastifyInstance, context: HttpContext): void {
  server.get("/", async (_request, reply) =>
    page(
      reply,
      `<h1>Spark</h1><p>Release ${escapeHtml(context.config.release)}. <a href="/dashboard">Dashboard</a></p>
<p id="health">Asking…</p>`,
      `const line = document.getElementById("health");
fetch("/api/healthz").then((answer) => answer.json()).then((health) => {
  line.textContent = "Database " + health.database + ".";
}, (error) => { line.textContent = "No answer: " + error.message; });`,
    ),
  );

  server.get("/dashboard", async (_request, reply) =>
    page(
      reply,
      `<h1>Quotes</h1><table><thead><tr><th>Venue<th>Symbol<th>Bid<th>Ask</thead><tbody id="quotes"></tbody></table>`,
      `const rows = new Map();
const socket = new WebSocket(location.origin.replace(/^http/, "ws") + "/ws/quotes");
socket.onmessage = (message) => {
  const quote = JSON.parse(message.data);
  if (quote.type !== "quote") return;
  const key = quote.venue + " " + quote.symbol;
  if (!rows.has(key)) rows.set(key, document.getElementById("quotes").insertRow());
  rows.get(key).replaceChildren(...[quote.venue, quote.symbol, quote.bid, quote.ask].map((text) => {
    const cell = document.createElement("td");
    cell.textContent = text;
    return cell;
  }));
};`,
    ),
  );
}

function page(reply: FastifyReply, body: string, script: string): FastifyReply {
  const nonce = newNonce();
  setSecurityHeaders(reply, nonce);
  return reply.type("text/html; charset=utf-8").send(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Spark</title>
<style nonce="${nonce}">body{font:16px system-ui;margin:2rem}td,th{padding:.2rem 1rem;text-align:left}</style></head>
<body>
${body}
<script nonce="${nonce}">
${script}
</script>
</body>
</html>
`);
}

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
