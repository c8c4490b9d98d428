import type { OrderView } from "./order.ts";

/** An HTTP answer as it is stored: a repeated key gets the same bytes again. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** The answer to placing an order, made from the order's current view. */
export function answerOf(view: OrderView): Answer {
  if (view.status === "REJECTED") {
    const { code, message } = view.rejection ?? {
      code: "REJECTED",
      message: "The venue rejected the order.",
    };
    return {
      status: 422,
      body: JSON.stringify({
        error: "venue_rejected",
        code,
        message,
        id: view.id,
        clientOrderId: view.clientOrderId,
      }),
    };
  }
  const settled = view.status !== "UNKNOWN" && view.status !== "PENDING";
  return { status: settled ? 201 : 202, body: JSON.stringify(view) };
}
