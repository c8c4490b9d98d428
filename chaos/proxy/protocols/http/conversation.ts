import type { Stage, StagePairHost } from "../../stage.ts";
import { type Exchange, nameOf } from "./exchange.ts";
import { MAX_HEAD_BYTES } from "./head-collector.ts";
import { ReplyLane } from "./reply-lane.ts";
import { MAX_REQUEST_BYTES, RequestLane } from "./request-lane.ts";
import { type MatchAttributes, RequestMatch } from "./request-match.ts";
import type { HttpTactic, RequestChoice } from "./tactic.ts";

/**
 * More than an http toxic ever holds to parse or to answer: waiting for the rest must not pause the source.
 */
export const HTTP_CAPACITY_BYTES = 2 * (MAX_REQUEST_BYTES + MAX_HEAD_BYTES);

type StageWith<A> = Omit<Stage, "update"> & { update(attributes: A): void };

/** Both directions of a connection. */
export interface StagesWith<A> {
  readonly upstream: StageWith<A>;
  readonly downstream: StageWith<A>;
}

/**
 * Starts an HTTP toxic on one connection. `tacticOf` receives the attributes that apply when it is called.
 */
export function startHttpToxic<A extends MatchAttributes>(
  host: StagePairHost,
  initial: A,
  tacticOf: (current: () => A) => HttpTactic,
): StagesWith<A> {
  let attributes = initial;
  const choice = new RequestMatch(host, initial);
  const tactic = tacticOf(() => attributes);
  const { requests, replies } = startConversation(host, choice, tactic);
  const update = (next: A) => {
    attributes = next;
    choice.update(next);
    if (tactic.kind === "reply") tactic.queue?.reschedule();
  };
  return { upstream: Object.assign(requests, { update }), downstream: Object.assign(replies, { update }) };
}

/**
 * Follows the HTTP/1.1 conversation of one connection, including keep-alive and pipelining, and lets the
 * tactic handle the exchanges that were chosen. Everything else passes unchanged. When the bytes are not
 * HTTP/1.1 (TLS, HTTP/2, noise), the toxic gives up, reports that, and passes everything; after an upgrade
 * (101) or a CONNECT it passes everything too, but that is no failure.
 *
 * On a connection that was already in use, it waits for a chunk that begins with a request. A client that
 * does not pipeline sends one only after it has the previous reply, so the next reply belongs to that
 * request. A client that pipelines may still expect earlier replies, which the toxic cannot know of: when a
 * chunk is not a reply, or one reply too many arrives, the pairing was wrong and it waits again.
 */
function startConversation(host: StagePairHost, choice: RequestChoice, tactic: HttpTactic) {
  const exchanges: Exchange[] = [];
  let hasGivenUp = false;
  const giveUp = (why: string) => {
    if (!hasGivenUp) host.giveUp(why);
    hasGivenUp = true;
  };
  const requests = new RequestLane({
    choice,
    tactic,
    exchanges,
    joined: host.joined,
    emit: (item) => host.emitUpstream(item),
    onKept: ({ number }, request, bytes) => {
      if (tactic.kind !== "answer") return;
      host.biteMessage({ number, what: `${nameOf(request)} ${tactic.answer(request).what}`, bytes });
    },
    onFound: (replyIsDue) => {
      if (replyIsDue) exchanges.push({ number: 0, request: undefined, taken: false, own: undefined });
      replies.start();
    },
    onLost: () => replies.wait(),
    onGivenUp: (why) => {
      giveUp(why);
      replies.settle();
    },
    onAnswerDue: () => replies.advance(),
  });
  const replies = new ReplyLane({
    tactic,
    exchanges,
    joined: host.joined,
    emit: (item) => host.emitDownstream(item),
    bite: (bytes) => host.bite(bytes),
    requestsArePipe: () => requests.isPipe,
    onUnknown: () => requests.noteReply(),
    onMispaired: () => {
      requests.searchAgain();
      replies.wait();
    },
    onPipe: (why) => {
      if (why !== undefined) giveUp(why);
      requests.becomePipe();
    },
  });
  return { requests, replies };
}
