import fc from "fast-check";

/** A request and the reply to it, as bytes. */
export interface Example {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly request: Buffer;
  readonly reply: Buffer;
}

/** A framed body: the header fields that describe the framing, and the bytes. */
interface FramedBody {
  readonly fields: string;
  readonly bytes: string;
}

const payload = fc.string({ unit: "binary-ascii", maxLength: 60 });

const byLength = payload.map(
  (text): FramedBody => ({ fields: `Content-Length: ${text.length}\r\n`, bytes: text }),
);

const chunked = fc
  .record({
    chunks: fc.array(
      payload.filter((text) => text !== ""),
      { maxLength: 4 },
    ),
    extension: fc.constantFrom("", ";a=b", " ;q"),
    trailer: fc.constantFrom("", "Digest: none\r\n", "A: 1\r\nB: 2\r\n"),
    lineEnd: fc.constantFrom("\r\n", "\r\n", "\n"),
  })
  .map(({ chunks, extension, trailer, lineEnd }): FramedBody => {
    const pieces = chunks.map((text) => `${text.length.toString(16)}${extension}${lineEnd}${text}${lineEnd}`);
    return {
      fields: "transfer-encoding: Chunked\r\n",
      bytes: `${pieces.join("")}0${lineEnd}${trailer}${lineEnd}`,
    };
  });

const noBody = fc.constant<FramedBody>({ fields: "", bytes: "" });
const extraFields = fc.constantFrom(
  "",
  "X-A:b\r\n",
  "X-Long: one\r\n two\r\n",
  "Cookie: a=b; c=d\r\nAccept:  */* \r\n",
);
const interims = fc.constantFrom(
  "",
  "",
  "HTTP/1.1 100 Continue\r\n\r\n",
  "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n",
);

const bytes = (text: string) => Buffer.from(text, "latin1");

/** An exchange whose path is `/<name>`, by which a toxic chooses it or not. */
function exampleOf(name: string): fc.Arbitrary<Example> {
  return fc
    .record({
      method: fc.constantFrom("GET", "POST", "PUT", "DELETE", "HEAD"),
      query: fc.constantFrom("", "?a=/b", "?signature=secret"),
      blank: fc.constantFrom("", "", "\r\n"),
      requestBody: fc.oneof(noBody, byLength, chunked),
      requestFields: extraFields,
      interim: interims,
      status: fc.constantFrom(200, 201, 204, 304, 404, 500),
      replyBody: fc.oneof(byLength, chunked),
      replyFields: extraFields,
    })
    .map((draw) => {
      const { method, query, blank, requestBody, requestFields, interim, status, replyBody, replyFields } =
        draw;
      const path = `/${name}`;
      const hasBody = method !== "HEAD" && status !== 204 && status !== 304;
      return {
        method,
        path,
        status,
        request: bytes(
          `${blank}${method} ${path}${query} HTTP/1.1\r\nHost: venue\r\n${requestFields}${requestBody.fields}\r\n${requestBody.bytes}`,
        ),
        reply: bytes(
          `${interim}HTTP/1.1 ${status} Some Reason\r\n${replyFields}${replyBody.fields}\r\n${hasBody ? replyBody.bytes : ""}`,
        ),
      };
    });
}

/** A connection's exchanges in groups: the requests of a group are sent before the first of its replies comes. */
export function conversations(
  nameOf: (index: number) => string,
  options: { readonly pipelined: boolean },
): fc.Arbitrary<Example[][]> {
  const sizes = fc.array(fc.integer({ min: 1, max: options.pipelined ? 4 : 1 }), {
    minLength: 1,
    maxLength: 5,
  });
  return sizes.chain((lengths) => {
    let index = 0;
    const groups = lengths.map((length) => Array.from({ length }, () => exampleOf(nameOf(index++))));
    return fc.tuple(...groups.map((group) => fc.tuple(...group)));
  });
}

/** Cuts bytes into pieces at places that depend only on the numbers. */
export function cut(whole: Buffer, numbers: readonly number[]): Buffer[] {
  const places = numbers.map((number) => number % (whole.length + 1)).toSorted((one, other) => one - other);
  return [0, ...places]
    .map((from, at) => whole.subarray(from, places[at] ?? whole.length))
    .filter((piece) => piece.length > 0);
}

/** Numbers for the cuts: none, some, or so many that most bytes are separate. */
export const cuts = fc.oneof(
  fc.array(fc.nat(5_000), { maxLength: 6 }),
  fc.array(fc.nat(5_000), { minLength: 100, maxLength: 300 }),
);
