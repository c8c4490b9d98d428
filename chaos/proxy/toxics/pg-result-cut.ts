import { CONVERSATION_CAPACITY_BYTES, Conversation } from "../protocols/pg/conversation.ts";
import type { PgMessage } from "../protocols/pg/message-reader.ts";
import type { BreakOff } from "../protocols/pg/outlet.ts";
import { QUERY_CHOICE, QueryMatch } from "../protocols/pg/query-match.ts";
import type { PgRequest } from "../protocols/pg/request-queue.ts";
import { choice, type ValuesOf, wholeNumber } from "./attribute-spec.ts";
import { MessageChooser } from "./message-choice.ts";
import { twoWayToxic } from "./toxic-type.ts";

const ATTRIBUTES = {
  ...QUERY_CHOICE,
  rows: wholeNumber("rows", "rows that arrive before the cut"),
  bytes: wholeNumber(
    "bytes",
    "bytes of rows that arrive before the cut, which may be within a row; 0: only the rows count",
  ),
  how: choice("close (a FIN to both sides), reset, or hang (nothing more arrives on the connection)", [
    "close",
    "reset",
    "hang",
  ]),
};

/**
 * The number of a connection's cursors and portals that are counted at a time; beyond it
 * the oldest starts again.
 */
const MAX_RESULTS = 200;

/** How much of a result has arrived. */
interface Progress {
  rows: number;
  bytes: number;
  isSpared: boolean;
}

/**
 * A result breaks off in the middle: some rows arrive, then the connection ends. A match is a query whose
 * result reaches the cut; a shorter one is not counted. Rows of COPY TO count as rows. A cursor or portal has
 * one result, however many rows are fetched at a time.
 */
export const pgResultCut = twoWayToxic({
  type: "pg_result_cut",
  summary: "PostgreSQL: breaks the connection in the middle of a result",
  protocol: "postgres",
  attributes: ATTRIBUTES,
  capacityBytes: CONVERSATION_CAPACITY_BYTES,
  start(host, initial) {
    let attributes = initial;
    const match = new QueryMatch(host, initial.pattern);
    const results = new Map<string, Progress>();
    const progressOf = ({ number, result }: PgRequest): Progress => {
      const key = result?.key ?? `request ${number}`;
      const progress = results.get(key) ?? { rows: 0, bytes: 0, isSpared: false };
      const [oldest] = results.keys();
      if (results.size >= MAX_RESULTS && oldest !== undefined) results.delete(oldest);
      results.set(key, progress);
      return progress;
    };
    const chooser = new MessageChooser(host);
    const conversation = new Conversation(host, {
      reply(message, request) {
        const isRow = message.type === "D" || message.type === "d";
        if (!isRow || request === undefined || !match.matches(request)) return "pass";
        const progress = progressOf(request);
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
      match.setPattern(changed.pattern);
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
