/** A request, ready to send. `body` is empty for none. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * How an exchange ended for the client. `unsent`: no connection was made, so the server did not receive it.
 * `lost`: it was sent, and its effect is unknown.
 */
export type HttpResult =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly retryAfter: string | null;
      readonly body: string;
    }
  | { readonly kind: "unsent"; readonly error: string }
  | { readonly kind: "lost"; readonly error: string };

/** Sends requests, each immediately and on a connection that no other request shares meanwhile. */
export interface HttpClient {
  /** Sends now; `done` is called exactly once, later, whatever happens. */
  send(request: HttpRequest, done: (result: HttpResult) => void): void;
  /** Closes every connection; exchanges in progress end as `lost` with the error `stopped`. */
  close(): void;
}
