import { isEnding } from "../flow-item.ts";
import { HoldQueue } from "../hold-queue.ts";
import { CONVERSATION_CAPACITY_BYTES, Conversation } from "../protocols/pg/conversation.ts";
import { QUERY_CHOICE, QueryMatch } from "../protocols/pg/query-match.ts";
import { wholeNumber } from "./attribute-spec.ts";
import { MessageChooser } from "./message-choice.ts";
import { twoWayToxic } from "./toxic-type.ts";

/**
 * Delays a query, and everything that the client sends after it, so that the order is kept. In the extended
 * protocol Execute is delayed, since that message runs the query.
 */
export const pgQueryDelay = twoWayToxic({
  type: "pg_query_delay",
  summary: "PostgreSQL: delays queries on their way to the server",
  protocol: "postgres",
  attributes: {
    ...QUERY_CHOICE,
    delay: wholeNumber("ms", "how long a query is held in ms"),
  },
  capacityBytes: CONVERSATION_CAPACITY_BYTES,
  start(host, initial) {
    let attributes = initial;
    const match = new QueryMatch(host, initial.pattern);
    let delaysNext = false;
    const delayed = new WeakSet<Buffer>();
    const chooser = new MessageChooser(host);
    const queue = new HoldQueue({
      clock: host.clock,
      loop: host.loop,
      emit: (item) => host.emitUpstream(item),
      dueAtMs: ({ item, arrivedAtMs }) =>
        arrivedAtMs + (!isEnding(item) && delayed.has(item) ? attributes.delay : 0),
    });
    const emitUpstream: typeof host.emitUpstream = (item) => {
      if (delaysNext && !isEnding(item)) delayed.add(item);
      delaysNext = false;
      queue.add(item);
    };
    const conversation = new Conversation(
      { ...host, emitUpstream },
      {
        request(message, request) {
          if (!match.matches(request) || !chooser.takesNext(attributes)) return "pass";
          const { number, totalBytes } = message;
          host.biteMessage({ number, what: `query held for ${attributes.delay} ms`, bytes: totalBytes });
          // What came before it in the same read is sent immediately.
          conversation.upstream.flush();
          delaysNext = true;
          return "pass";
        },
      },
    );
    const { upstream, downstream } = conversation.stages<typeof initial>((changed) => {
      attributes = changed;
      match.setPattern(changed.pattern);
      queue.reschedule();
    });
    return {
      upstream: {
        ...upstream,
        get heldBytes() {
          return upstream.heldBytes + queue.heldBytes;
        },
        release() {
          upstream.release();
          queue.release();
        },
        discard() {
          upstream.discard();
          queue.discard();
        },
      },
      downstream,
    };
  },
});
