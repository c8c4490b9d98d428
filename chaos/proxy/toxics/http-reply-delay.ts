import type { FlowItem } from "../flow-item.ts";
import { HoldQueue } from "../hold-queue.ts";
import { HTTP_CAPACITY_BYTES, startHttpToxic } from "../protocols/http/conversation.ts";
import { nameOf } from "../protocols/http/exchange.ts";
import { REQUEST_MATCH } from "../protocols/http/request-match.ts";
import type { ReplyQueue } from "../protocols/http/tactic.ts";
import type { StagePairHost } from "../stage.ts";
import { wholeNumber } from "./attribute-spec.ts";
import { twoWayToxic } from "./toxic-type.ts";

/**
 * Delays the replies to some requests, as a slow server does. The reply begins `delay` ± `jitter` later, and
 * everything after it on the connection waits for it.
 */
export const httpReplyDelay = twoWayToxic({
  type: "http_reply_delay",
  summary: "delays the replies to HTTP requests by delay ± jitter",
  protocol: "http",
  attributes: {
    ...REQUEST_MATCH,
    delay: wholeNumber("ms", "mean delay in ms"),
    jitter: wholeNumber("ms", "greatest deviation from the mean in ms"),
  },
  capacityBytes: HTTP_CAPACITY_BYTES,
  start: (host, initial) =>
    startHttpToxic(host, initial, (current) => {
      const queue = new DelayQueue(host, current);
      return {
        kind: "reply",
        queue,
        onHead({ number, request }, { status }, bytes, output) {
          output.flush();
          // Negative numbers: matches are chosen with the numbers from 1, and one draw must not decide both.
          queue.addDelayed(bytes, 2 * host.roll(-number) - 1);
          const what = `reply ${status} to ${nameOf(request)} delayed`;
          host.biteMessage({ number, what, bytes: bytes.length });
        },
        onBody: (_exchange, bytes, _isPayload, output) => output.pass(bytes),
      };
    }),
});

/** Holds what goes to the client, each item for its drawn delay, and everything after it as well. */
class DelayQueue implements ReplyQueue {
  readonly #held: HoldQueue;
  /** The draws for held items, from -1 to 1, by their number in the queue. */
  readonly #drawn = new Map<number, number>();
  #added = 0;
  #emitted = 0;

  constructor(
    host: Pick<StagePairHost, "clock" | "loop" | "emitDownstream">,
    current: () => { readonly delay: number; readonly jitter: number },
  ) {
    this.#held = new HoldQueue({
      clock: host.clock,
      loop: host.loop,
      emit: (item) => {
        this.#emitted += 1;
        this.#drawn.delete(this.#emitted);
        host.emitDownstream(item);
      },
      dueAtMs: ({ number, arrivedAtMs }) => {
        const deviation = this.#drawn.get(number);
        if (deviation === undefined) return arrivedAtMs;
        const { delay: meanMs, jitter: jitterMs } = current();
        return arrivedAtMs + Math.max(0, meanMs + deviation * jitterMs);
      },
    });
  }

  get heldBytes(): number {
    return this.#held.heldBytes;
  }

  add(item: FlowItem): void {
    this.#added += 1;
    this.#held.add(item);
  }

  addDelayed(bytes: Buffer, deviation: number): void {
    this.#drawn.set(this.#added + 1, deviation);
    this.add(bytes);
  }

  reschedule(): void {
    this.#held.reschedule();
  }

  release(): void {
    this.#held.release();
  }

  discard(): void {
    this.#held.discard();
  }
}
