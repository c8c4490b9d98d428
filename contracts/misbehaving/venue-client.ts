import { NetworkError, requestHttp } from "../../network/index.ts";
import type { VenueAnswer } from "../matching/compare-answers.ts";
import { BtcturkSigner, type SignableRequest, signForBinance } from "../provider/sign-request.ts";
import type { VenueUnderVerification } from "../provider/venue-under-verification.ts";

const DEADLINE_MS = 10_000;

/** The result of a call. */
export interface ObservedCall {
  /** `POST /api/v3/order`; an id in the path is `{id}`. */
  readonly endpoint: string;
  /** Null when the connection ended without an answer. */
  readonly answer: VenueAnswer | null;
}

/** Calls a venue as the platform does, and keeps all answers. */
export class VenueClient {
  readonly calls: ObservedCall[] = [];
  readonly #venue: VenueUnderVerification;
  readonly #btcturkSigner = new BtcturkSigner();

  constructor(venue: VenueUnderVerification) {
    this.#venue = venue;
  }

  /**
   * Calls the venue, signed unless the endpoint is public, and returns the answer's body if it is a JSON
   * object.
   */
  async call(
    method: "GET" | "POST" | "DELETE",
    path: string,
    query: Readonly<Record<string, string>>,
    body?: object,
  ): Promise<Readonly<Record<string, unknown>>> {
    const text = new URLSearchParams(query).toString();
    const request: SignableRequest = { url: text === "" ? path : `${path}?${text}`, headers: {} };
    this.#sign(request, path);
    const answer = await this.#send(request, method, body);
    this.calls.push({ endpoint: endpointOf(method, path), answer });
    return objectIn(answer?.body ?? "");
  }

  #sign(request: SignableRequest, path: string): void {
    const { provider, key } = this.#venue;
    if (provider === "btcturk") {
      request.headers["x-pck"] = key;
      this.#btcturkSigner.sign(request, this.#venue, Date.now());
    } else if (path !== "/api/v3/time" && path !== "/api/v3/depth") {
      request.headers["x-mbx-apikey"] = key;
      signForBinance(request, this.#venue, Date.now());
    }
  }

  async #send(request: SignableRequest, method: string, body?: object): Promise<VenueAnswer | null> {
    const headers = { ...(request.headers as Record<string, string>), "content-type": "application/json" };
    const { restUrl, allowedHosts } = this.#venue;
    try {
      const response = await requestHttp(`${restUrl}${request.url}`, {
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
        allowedHosts,
        deadlineMs: DEADLINE_MS,
        redirects: "return",
      });
      const type = response.headers["content-type"] ?? "";
      const retryAfter = response.headers["retry-after"];
      return {
        status: response.status,
        headers: { "content-type": type, ...(retryAfter === undefined ? {} : { "retry-after": retryAfter }) },
        body: response.text,
      };
    } catch (error) {
      // Some misbehaviors cut the connection; any other error is not the venue's.
      if (error instanceof NetworkError && error.code === "no-answer") return null;
      throw error;
    }
  }
}

/** The endpoint of a request, with its id replaced. */
export function endpointOf(method: string, path: string): string {
  return `${method} ${path.replace(/\/\d+$/, "/{id}")}`;
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  if (!text.startsWith("{")) return {};
  return JSON.parse(text) as Record<string, unknown>;
}
