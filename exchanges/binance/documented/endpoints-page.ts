import type { CallState } from "./call-state.ts";
import { DOCUMENTED_CALLS } from "./rest-calls.ts";
import { SOCKET_METHODS } from "./socket-methods.ts";
import { DOCUMENTED_STREAMS } from "./streams.ts";

/** The change log of the venue's Spot API that the tables were compared with. */
const COMPARED_TO = "2026-07-21";

const HEAD = `# What of Binance's documented interface the stub has

Compared with the venue's documents as of the change log of ${COMPARED_TO}: *right* as documented; *differs* where a client may
notice; *missing*. What is missing is refused, never answered with something else: a path with 404, a method of the
WebSocket API with -1020. A parameter that an endpoint does not document is refused with -1104, as the venue refuses it.

- Every time in answers and frames is in microseconds on request: \`X-MBX-TIME-UNIT\`, or \`timeUnit\` in the URL of a WebSocket.
- SBE is refused as an account without it is (-1155); FIX is not served, since its port is not there.
- Smart order routing, pegged orders, OPO and block trades are those of symbols that do not allow them.
- Listen keys, retired by the venue, are served unless \`--binance-listen-keys retired\`.

This page is generated from the tables in \`exchanges/binance/documented/\` by \`node project/generate-docs.ts\`; tests compare
them with what the stub answers, and with the venue's own client library.
`;

/** `docs/binance-endpoints.md` */
export function documentEndpoints(): string {
  const calls = new Map(DOCUMENTED_CALLS.map(({ call, state }) => [call, state]));
  const right: CallState = { kind: "right" };
  const methods = [...SOCKET_METHODS].map(([method, call]) => ({
    name: method,
    state: call === null ? right : (calls.get(call) ?? right),
  }));
  return [
    HEAD,
    section(
      "REST",
      DOCUMENTED_CALLS.map(({ call, state }) => ({ name: call, state })),
    ),
    section("WebSocket API", methods),
    section(
      "Streams",
      DOCUMENTED_STREAMS.map(([name, state]) => ({ name, state })),
    ),
  ].join("\n");
}

function section(
  title: string,
  rows: readonly { readonly name: string; readonly state: CallState }[],
): string {
  const count = (kind: CallState["kind"]) => rows.filter(({ state }) => state.kind === kind).length;
  const counts = `${rows.length}: ${count("right")} right, ${count("differs")} differ, ${count("missing")} missing.`;
  const lines = rows.map(({ name, state }) => `| \`${name}\` | ${state.kind} | ${noteOf(state)} |`);
  return [`## ${title}\n`, `${counts}\n`, "| | | |\n|---|---|---|", ...lines, ""].join("\n");
}

function noteOf(state: CallState): string {
  return state.kind === "differs" ? state.how : "";
}
