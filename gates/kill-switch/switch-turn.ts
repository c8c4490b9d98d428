import type { Clock } from "../../core/index.ts";
import { NetworkError, requestHttp } from "../../network/index.ts";
import type { ProbeContext } from "../engine/check.ts";
import { saysEnabled, useKillSwitch } from "./kill-switch-api.ts";
import type { KillSwitchPart } from "./kill-switch-part.ts";

const ACTOR = "kanit-drill";
const POLL_MS = 20;
const BACK_WITHIN_MS = 10_000;
const EXECUTED = 201;
/** What a platform answers to an order while trading is stopped. */
const REFUSED = 423;

/** What a replica did with an order. */
export type OrderAnswer =
  | { readonly kind: "executed" }
  | { readonly kind: "refused" }
  /** Neither: it says nothing about the switch. */
  | { readonly kind: "other"; readonly what: string };

/** When a replica began to answer orders as was waited for; null: it did not, until the end of the time. */
export interface ReplicaTime {
  readonly replica: string;
  readonly afterMs: number | null;
  readonly last: OrderAnswer;
}

/** What one check may do with the switch while it has its turn. */
export interface SwitchTurn {
  /** Sends an order to a replica. */
  order(replica: URL): Promise<OrderAnswer>;
  /** Stops trading on the scope of the canary, by a request to a replica of stable: the farthest place. */
  stop(): Promise<void>;
  /** Lets the canary trade again, by the same way. */
  resume(): Promise<void>;
  /** Sends orders to each replica until it answers as it should. */
  until(
    kind: OrderAnswer["kind"],
    replicas: readonly URL[],
    withinMs: number,
  ): Promise<readonly ReplicaTime[]>;
}

/**
 * Takes a turn with the switch. Trading is on in the beginning, which an order at each replica shows, so that a refusal
 * has no other reason; and it is on again at the end, whatever happens.
 *
 * @throws Error when an order is not executed before anything is stopped.
 */
export function takeTurn<Result>(
  part: KillSwitchPart,
  { clock, signal }: Pick<ProbeContext, "clock" | "signal">,
  work: (turn: SwitchTurn) => Promise<Result>,
): Promise<Result> {
  return part.turns.take(async () => {
    signal.throwIfAborted();
    const turn = makeTurn(part, clock, signal);
    const before = await turn.until("executed", [...part.canary, ...part.stable], BACK_WITHIN_MS);
    const deaf = before.find(({ afterMs }) => afterMs === null);
    if (deaf !== undefined) {
      throw new Error(
        `Expected ${deaf.replica} to execute an order before the drill, got ${wordsOf(deaf.last)}.`,
      );
    }
    try {
      return await work(turn);
    } finally {
      await bringBack(part, clock);
    }
  });
}

/** An answer in words. */
export function wordsOf(answer: OrderAnswer): string {
  return answer.kind === "other" ? answer.what : answer.kind;
}

/** The lines of an evidence file about times. */
export function timeLines(times: readonly ReplicaTime[]): readonly string[] {
  return times.map(({ replica, afterMs, last }) =>
    afterMs === null
      ? `${replica}  never, at last: ${wordsOf(last)}`
      : `${replica}  ${wordsOf(last)} after ${afterMs.toFixed(0)} ms`,
  );
}

function makeTurn(part: KillSwitchPart, clock: Clock, signal: AbortSignal): SwitchTurn {
  const order = (replica: URL) => sendOrder(replica, `kanit-${clock.nowMs()}-${clock.monotonicMs()}`, signal);
  const use = (enable: boolean) => useAtStable(part, enable, signal);
  return {
    order,
    stop: () => use(false),
    resume: () => use(true),
    until: async (kind, replicas, withinMs) => {
      const beganMs = clock.monotonicMs();
      return Promise.all(
        replicas.map(async (replica): Promise<ReplicaTime> => {
          for (;;) {
            const last = await order(replica);
            const tookMs = clock.monotonicMs() - beganMs;
            const named = { replica: replica.origin, last };
            if (last.kind === kind) return { ...named, afterMs: tookMs };
            if (tookMs > withinMs) return { ...named, afterMs: null };
            await clock.sleep(POLL_MS, signal);
          }
        }),
      );
    },
  };
}

async function sendOrder(replica: URL, key: string, signal: AbortSignal): Promise<OrderAnswer> {
  const order = {
    ...{ accountId: "kill-switch-drill", venue: "binance", symbol: "BTCUSDT", side: "buy", type: "market" },
    quantity: "0.00100",
  };
  try {
    const { status, text } = await requestHttp(new URL("/api/orders", replica), {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": `${key}-${replica.port}` },
      body: JSON.stringify(order),
      signal,
    });
    if (status === EXECUTED) return { kind: "executed" };
    if (status === REFUSED) return { kind: "refused" };
    return { kind: "other", what: `status ${status}: ${text.slice(0, 80)}` };
  } catch (error) {
    if (error instanceof NetworkError) return { kind: "other", what: error.received };
    throw error;
  }
}

async function useAtStable({ stable }: KillSwitchPart, enable: boolean, signal: AbortSignal): Promise<void> {
  const [first] = stable;
  if (first === undefined) throw new Error("Expected a replica of stable to use the switch at, got none.");
  const use = { scope: "canary", enable, dryRun: false, actor: ACTOR, reason: "drill" } as const;
  await useKillSwitch(first, use, { allowedHosts: [], signal });
}

/** Also after an interruption: what a drill stopped must not stay stopped. */
async function bringBack(part: KillSwitchPart, clock: Clock): Promise<void> {
  const signal = AbortSignal.timeout(BACK_WITHIN_MS);
  await useAtStable(part, true, signal);
  const untilMs = clock.monotonicMs() + BACK_WITHIN_MS / 2;
  const areOn = () =>
    Promise.all(part.canary.map((url) => saysEnabled(url, { allowedHosts: [], signal }).catch(() => false)));
  // One that stays off is what the checks find; it is not waited for longer.
  while (!(await areOn()).every(Boolean) && clock.monotonicMs() < untilMs) await clock.sleep(POLL_MS, signal);
}
