/** The bytes are not an HTTP/1.1 response, or too many. Their connection cannot be used any more. */
export class ResponseSyntaxError extends Error {
  override readonly name = "ResponseSyntaxError";
  readonly code: "bad-response" | "body-too-large";

  constructor(code: ResponseSyntaxError["code"], message: string) {
    super(message);
    this.code = code;
  }
}
