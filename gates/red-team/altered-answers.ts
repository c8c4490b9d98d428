import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type HttpAnswer, requestHttp } from "../../network/index.ts";
import type { DrillGround, Mutant } from "../engine/mutant.ts";

/** The parts of an answer that something before the platform may change. */
interface AlterableAnswer {
  readonly headers: HttpAnswer["headers"];
  readonly text: string;
}

/** Something before the platform that changes each answer. */
export async function alterAnswers(
  { target }: Pick<DrillGround, "target">,
  alter: (answer: AlterableAnswer) => AlterableAnswer,
): ReturnType<Mutant["apply"]> {
  const { url } = target.parts;
  if (url === null) throw new Error("there is no address");
  const server = createServer((request, response) => {
    requestHttp(new URL(request.url ?? "/", url)).then(
      (answer) => {
        const { headers, text } = alter(answer);
        const { "content-length": _length, "transfer-encoding": _encoding, ...kept } = headers;
        response.writeHead(answer.status, kept).end(text);
      },
      () => response.writeHead(502).end(),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    effect: `a front at ${address.origin} changes each answer of ${url.origin}`,
    parts: { url: address },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
