import { CONVERSATION_CAPACITY_BYTES, Conversation } from "../protocols/pg/conversation.ts";
import type { PgMessage } from "../protocols/pg/message-reader.ts";
import type { BreakOff } from "../protocols/pg/outlet.ts";
import { matchesQuery, QUERY_CHOICE, queryPattern } from "../protocols/pg/query-match.ts";
import { choice, type ValuesOf, wholeNumber } from "./attribute-spec.ts";
import { MessageChooser } from "./message-choice.ts";
import { twoWayToxic } from "./toxic-type.ts";

const ATTRIBUTES = {
  ...QUERY_CHOICE,
  rows: wholeNumber("rows", "rows that arrive before the cut"),
  bytes: wholeNumber(
    "bytes",
    "bytes of rows that arrive before the cut, which may be within a row; 0: rows decide",
  ),
  how: choice("close (a FIN to both sides), reset, or hang (nothing more arrives on the connection)", [
    "close",
    "reset",
    "hang",
  ]),
};

/** How much of a result has arrived. */
interface Progress {
  readonly request: number;
  rows: number;
  bytes: number;
  isSpared: boolean;
}

/**
 * A result breaks off in its midst: some rows arrive, then the connection ends. A match is a query whose result gets
 * as far as the cut; a shorter one is not counted. Rows of COPY TO count as rows.
 */
export const pgResultCut = twoWayToxic({
  type: "pg_result_cut",
  summary: "PostgreSQL: breaks the connection off in the middle of a result",
  protocol: "postgres",
  attributes: ATTRIBUTES,
  capacityBytes: CONVERSATION_CAPACITY_BYTES,
  start(host, initial) {
    let attributes = initial;
    let regexp = queryPattern(initial.pattern);
    let progress: Progress = { request: 0, rows: 0, bytes: 0, isSpared: false };
    const chooser = new MessageChooser(host);
    const conversation = new Conversation(host, {
      reply(message, request) {
        const isRow = message.type === "D" || message.type === "d";
        if (!isRow || request === undefined || !matchesQuery(request, regexp)) return "pass";
        const { number } = request;
        if (progress.request !== number) progress = { request: number, rows: 0, bytes: 0, isSpared: false };
        const leftBytes = bytesBeforeCut(message, progress, attributes);
        progress.rows += 1;
        progress.bytes += message.totalBytes;
        if (leftBytes === undefined || progress.isSpared) return "pass";
        progress.isSpared = !chooser.takesNext(attributes);
        if (progress.isSpared) return "pass";
        const what = `result cut in row ${progress.rows}, then ${attributes.how}`;
        host.biteMessage({ number: message.number, what, bytes: message.totalBytes - leftBytes });
        conversation.downstream.breakOffAfter(leftBytes, attributes.how as BreakOff);
        return "pass";
      },
    });
    return conversation.stages((changed) => {
      attributes = changed;
      regexp = queryPattern(changed.pattern);
    });
  },
});

/** How much of this row still arrives; undefined when all of it does. */
function bytesBeforeCut(
  { totalBytes }: PgMessage,
  progress: Progress,
  { rows, bytes }: ValuesOf<typeof ATTRIBUTES>,
): number | undefined {
  if (progress.rows >= rows && (rows > 0 || bytes === 0)) return 0;
  const leftBytes = Math.max(0, bytes - progress.bytes);
  return bytes > 0 && leftBytes < totalBytes ? leftBytes : undefined;
}
