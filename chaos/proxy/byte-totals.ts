import type { Connection } from "./connection.ts";
import type { Stream } from "./decision.ts";

/** The bytes of a link, by direction, as Toxiproxy's metrics count them. */
export type ByteTotals = Readonly<Record<Stream, { readonly received: number; readonly sent: number }>>;

const STREAMS: readonly Stream[] = ["upstream", "downstream"];

/** Adds a connection's bytes to the totals of its link. */
export function addBytes(
  totals: Record<Stream, { received: number; sent: number }>,
  connection: Connection,
): void {
  for (const stream of STREAMS) {
    const { received, sent } = connection.byteCounts(stream);
    totals[stream].received += received;
    totals[stream].sent += sent;
  }
}
