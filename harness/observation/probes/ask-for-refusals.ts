import { randomUUID } from "node:crypto";
import {
  type Answer,
  type ApiDefinition,
  askOnce,
  type ErrorWord,
  isErrorWord,
  type OrderRequest,
  type PlatformApi,
} from "../../../api/index.ts";
import type { Operation } from "../../../load/index.ts";
import { Decimal } from "../decimal.ts";

/** More than any account holds, and more than any risk limit allows. */
const ABSURD_QUANTITY = "1000000";
const ABSURD_PRICE_FACTOR = 10;

/** A request that every platform must refuse, and its answer. */
export interface RefusalProbe {
  readonly what: string;
  readonly expected: ErrorWord;
  readonly answer: Refusal;
}

type Refusal =
  /** `text` is the answer in words, for a report. */
  | { readonly kind: "answered"; readonly error: string | null; readonly text: string }
  /** No answer, or one that says nothing about the request, such as 503: the platform has not accepted it. */
  | { readonly kind: "none"; readonly why: string };

/**
 * Sends what must be refused by the API's contract: orders beyond every limit, a key that belongs to another
 * order, and any order while execution is switched off. Ordinary clients send none of it, so their load
 * proves nothing about it. A platform without risk limits or a kill switch of its own is not asked about them.
 */
export async function askForRefusals(
  api: Pick<PlatformApi, "ask" | "questions">,
  definition: ApiDefinition,
  operations: readonly Operation[],
): Promise<readonly RefusalProbe[]> {
  const sample = operations.findLast(
    ({ kind, outcome, request }) =>
      kind === "place" && outcome === "succeeded" && request.order !== null && request.order.price !== null,
  );
  const order = sample?.request.order;
  if (order == null || sample?.idempotencyKey == null) return [];
  const place = async (change: Partial<OrderRequest>, key: string = randomUUID()) =>
    refusalOf(await askOnce(api, { kind: "place", order: { ...order, ...change }, key, account: null }));
  const price = new Decimal(order.price ?? 0).times(ABSURD_PRICE_FACTOR).toFixed(2);
  const quantity = new Decimal(order.quantity).times(2).toFixed();
  return [
    ...(definition.riskLimits ? await beyondLimits(place, price) : []),
    {
      what: "a key of another order",
      expected: "idempotency_conflict",
      answer: await place({ quantity }, sample.idempotencyKey),
    },
    ...(api.questions.has("stop-trading") ? await whileStopped(api, () => place({})) : []),
  ];
}

async function beyondLimits(
  place: (change: Partial<OrderRequest>) => Promise<Refusal>,
  price: string,
): Promise<readonly RefusalProbe[]> {
  const expected = "risk_block";
  return [
    {
      what: "an order of a million bitcoins",
      expected,
      answer: await place({ quantity: ABSURD_QUANTITY }),
    },
    {
      what: "a price ten times the market's",
      expected,
      answer: await place({ side: "buy", price }),
    },
  ];
}

/**
 * Trading is switched on again afterwards; where the switch is not open to everybody, nothing is asked. A switch that
 * did not answer may act later, or never: what becomes of an order then shows nothing.
 */
async function whileStopped(
  api: Pick<PlatformApi, "ask">,
  place: () => Promise<Refusal>,
): Promise<readonly RefusalProbe[]> {
  const { outcome, httpStatus, error } = await askOnce(api, { kind: "stop-trading" });
  const isClosed = httpStatus === null ? outcome === "rejected" : httpStatus < 500;
  if (outcome !== "succeeded" && isClosed) return [];
  const answer: Refusal =
    outcome === "succeeded"
      ? await place()
      : { kind: "none", why: `the switch did not answer (${httpStatus ?? error ?? outcome})` };
  await askOnce(api, { kind: "resume-trading" });
  return [{ what: "an order while execution is switched off", expected: "execution_disabled", answer }];
}

function refusalOf({ outcome, httpStatus, error, unreadable }: Answer): Refusal {
  if (unreadable !== null) return { kind: "none", why: unreadable };
  const isWord = error !== null && isErrorWord(error);
  const saysNothing = outcome === "unknown" || (httpStatus === null ? !isWord : httpStatus >= 500);
  if (outcome !== "succeeded" && saysNothing)
    return { kind: "none", why: httpStatus === null ? (error ?? outcome) : `HTTP ${httpStatus}` };
  return { kind: "answered", error, text: `${httpStatus ?? outcome} ${error ?? ""}`.trim() };
}
