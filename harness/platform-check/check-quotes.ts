import { askOnce, QUOTE_SCHEMA, QuoteMessages } from "../../api/index.ts";
import { openWebSocket } from "../../network/index.ts";
import { Decimal } from "../observation/decimal.ts";
import { readBestPrices } from "../observation/venue-books.ts";
import { type CheckedPlatform, SOON_MS, soon } from "./checked-platform.ts";
import {
  answerInWords,
  broken,
  fixOf,
  notApplicable,
  type PlatformFinding,
  works,
} from "./platform-finding.ts";

const HANDSHAKE_MS = 5_000;
/** What a market moves between two looks at it. */
const BEARABLE_DIFFERENCE = "0.02";

/** Asks for a quote at a venue, and compares it with the venue's own. */
export async function checkQuote(checked: CheckedPlatform, venue: string): Promise<PlatformFinding> {
  const { api, platform, lab } = checked;
  const part = ["api", platform.api.driver === null ? "quote" : "driver"];
  if (!api.questions.has("quote")) return notApplicable(["api"], "quote: it answers with none");
  let last = "no answer";
  const quote = await soon(checked, SOON_MS, async () => {
    const answer = await askOnce(api, { kind: "quote", venue, symbol: lab.symbols[0] });
    last = `${answerInWords(answer)}|${fixOf(answer, part)}`;
    const parsed = QUOTE_SCHEMA.safeParse(answer.said);
    if (answer.outcome === "succeeded" && !parsed.success)
      last = `${venue}: the answer has no bid and ask as decimal texts|read \`bid\` and \`ask\` from the answer`;
    return answer.outcome === "succeeded" && parsed.success ? parsed.data : null;
  });
  if (quote === null) {
    const [found = "", fix = ""] = last.split("|");
    return broken(part, found, fix);
  }
  const { bid, ask } = quote;
  const best = (await readBestPrices(lab.addresses.venueControl)).find(
    ({ symbol }) => symbol === lab.symbols[0],
  );
  if (new Decimal(bid).gte(ask))
    return broken(part, `${venue}: bid ${bid} is not below ask ${ask}`, "swap `bid` and `ask`");
  const off = best === undefined ? new Decimal(0) : new Decimal(bid).div(best.bid).minus(1).abs();
  return off.gt(BEARABLE_DIFFERENCE)
    ? broken(
        part,
        `${venue}: bid ${bid}, where the venue has ${best?.bid}`,
        "read the prices of this venue and symbol",
      )
    : works(part, `${venue}: ${bid} to ${ask}`);
}

/** Subscribes to the platform's quotes, and pings it. */
export async function checkQuoteStream(checked: CheckedPlatform): Promise<readonly PlatformFinding[]> {
  const { lab, platform } = checked;
  const { quoteStream } = platform.api;
  const part = ["api", "quoteStream"];
  if (quoteStream === null) return [notApplicable(["api"], "quoteStream: it pushes no quotes")];
  const messages = new QuoteMessages(quoteStream, platform.api);
  const url = `${lab.addresses.platform}${quoteStream.path}`.replace(/^http/, "ws");
  const socket = openWebSocket(url, [], { perMessageDeflate: false, handshakeTimeout: HANDSHAKE_MS });
  const seen = { quotes: new Set<string>(), pong: false, others: "", failure: "" };
  socket.on("error", (error) => {
    seen.failure = error.message;
  });
  socket.on("message", (data) => {
    void messages.read(String(data)).then((message) => {
      if (message.kind === "quotes") for (const { venue } of message.quotes) seen.quotes.add(venue);
      else if (message.kind === "pong") seen.pong = true;
      else seen.others = String(data).slice(0, 120);
    });
  });
  socket.on("open", async () => {
    const interest = { venues: platform.venues, symbol: lab.symbols[0] };
    for (const text of await messages.subscription(interest)) socket.send(text);
    const ping = await messages.ping(1);
    if (ping !== null) socket.send(ping);
  });
  const missing = () => platform.venues.filter((venue) => !seen.quotes.has(venue));
  const isComplete = () => missing().length === 0 && (seen.pong || quoteStream.ping === null);
  await soon(checked, SOON_MS, async () => (isComplete() || seen.failure !== "" ? true : null));
  socket.terminate();
  if (seen.failure !== "") return [broken([...part, "path"], seen.failure, "correct quoteStream.path")];
  const other = seen.others === "" ? "nothing else came" : `another message was ${seen.others}`;
  return [
    missing().length === 0
      ? works([...part, "quote"], `quotes of ${platform.venues.join(", ")}`)
      : broken(
          [...part, "quote"],
          `no quote of ${missing().join(", ")} within ${SOON_MS / 1_000} s; ${other}`,
          "correct quoteStream.subscribe or quoteStream.quote",
        ),
    quoteStream.ping === null
      ? notApplicable(part, "ping: it has none")
      : seen.pong
        ? works([...part, "pong"], "a ping is answered")
        : broken(
            [...part, "pong"],
            `no pong within ${SOON_MS / 1_000} s; ${other}`,
            "correct quoteStream.ping or quoteStream.pong",
          ),
  ];
}
