import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Operation, OrderRequest } from "../../../load/index.ts";
import { requestHttp } from "../../../network/index.ts";
import { Decimal } from "../decimal.ts";

const REQUEST_TIMEOUT_MS = 5_000;
/** More than any account holds, and more than any risk limit allows. */
const ABSURD_QUANTITY = "1000000";
const ABSURD_PRICE_FACTOR = 10;

const errorSchema = z.object({ error: z.string() });

/** A request that every platform must refuse, and its answer. */
export interface RefusalProbe {
  readonly what: string;
  readonly expected: { readonly status: number; readonly error: string };
  readonly answer: Answer;
}

type Answer =
  | { readonly kind: "answered"; readonly status: number; readonly error: string | null }
  /** No answer, or one that says nothing about the request, such as 503: the platform has not accepted it. */
  | { readonly kind: "none"; readonly why: string };

/**
 * Sends requests that the API's contract forbids: orders beyond every limit, a key that belongs to another
 * order, and any order while execution is disabled. Ordinary clients send none of them, so their load proves
 * nothing about them. Execution is enabled again afterwards; the kill switch is not tested when it does not
 * exist or is not open to everybody.
 */
export async function askForRefusals(
  baseUrl: string,
  operations: readonly Operation[],
): Promise<readonly RefusalProbe[]> {
  const sample = operations.findLast(
    ({ kind, outcome, request }) =>
      kind === "place" && outcome === "succeeded" && request.order !== null && request.order.price !== null,
  );
  const order = sample?.request.order;
  if (order == null || sample?.idempotencyKey == null) return [];
  const price = new Decimal(order.price ?? 0).times(ABSURD_PRICE_FACTOR).toFixed(2);
  const place = (change: Partial<OrderRequest>, key: string = randomUUID()) =>
    postOrder(baseUrl, { ...order, ...change }, key);
  const blocked = { status: 422, error: "risk_block" };
  const quantity = new Decimal(order.quantity).times(2).toFixed();
  return [
    {
      what: "an order of a million bitcoins",
      expected: blocked,
      answer: await place({ quantity: ABSURD_QUANTITY }),
    },
    {
      what: "a price ten times the market's",
      expected: blocked,
      answer: await place({ side: "buy", price }),
    },
    {
      what: "a key that stands for another order",
      expected: { status: 409, error: "idempotency_conflict" },
      answer: await place({ quantity }, sample.idempotencyKey),
    },
    ...(await whileSwitchedOff(baseUrl, () => place({}))),
  ];
}

async function whileSwitchedOff(
  baseUrl: string,
  place: () => Promise<Answer>,
): Promise<readonly RefusalProbe[]> {
  const turn = (enable: boolean) =>
    post(`${baseUrl}/api/tools/kill-switch?enable=${enable}&scope=canary`, { "x-actor": "kanit" }, undefined);
  const off = await turn(false);
  if (off.kind === "answered" && off.status >= 400) return [];
  const answer = await place();
  await turn(true);
  const expected = { status: 423, error: "execution_disabled" };
  return [{ what: "an order while execution is switched off", expected, answer }];
}

function postOrder(baseUrl: string, { price, ...rest }: OrderRequest, key: string): Promise<Answer> {
  const headers = { "content-type": "application/json", "idempotency-key": key };
  return post(`${baseUrl}/api/orders`, headers, JSON.stringify(price === null ? rest : { ...rest, price }));
}

async function post(url: string, headers: Record<string, string>, body: string | undefined): Promise<Answer> {
  try {
    const { status, text } = await requestHttp(url, {
      method: "POST",
      headers,
      body: body ?? null,
      deadlineMs: REQUEST_TIMEOUT_MS,
    });
    if (status >= 500) return { kind: "none", why: `HTTP ${status}` };
    return { kind: "answered", status, error: errorIn(text) };
  } catch (error) {
    return { kind: "none", why: String(error).slice(0, 200) };
  }
}

function errorIn(text: string): string | null {
  try {
    return errorSchema.safeParse(JSON.parse(text)).data?.error ?? null;
  } catch {
    // A page of text has no error code.
    return null;
  }
}
