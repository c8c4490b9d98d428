import type { Answer, PlatformApi } from "./answer.ts";
import type { MappedApiDefinition, RouteDefinition } from "./api-definition.ts";
import type { HttpClient, HttpRequest, HttpResult } from "./http/exchange.ts";
import { type AnswerMapping, answerMapping } from "./http/map-answer.ts";
import { type RequestMapping, requestMapping } from "./http/map-request.ts";
import { inputOf, type Question, type QuestionKind } from "./question.ts";

interface MappedRoute {
  readonly route: RouteDefinition;
  readonly request: RequestMapping;
  readonly answer: AnswerMapping;
}

/** Speaks a platform's HTTP API by its definition's mapping. */
export class MappedApi implements PlatformApi {
  readonly #client: HttpClient;
  readonly #routes: ReadonlyMap<QuestionKind, MappedRoute>;
  readonly questions: ReadonlySet<QuestionKind>;
  #closed = false;

  constructor(definition: MappedApiDefinition, client: HttpClient) {
    this.#client = client;
    const routes = routesOf(definition).map(
      ([kind, route]) =>
        [kind, { route, request: requestMapping(route), answer: answerMapping(route, definition) }] as const,
    );
    this.#routes = new Map(routes);
    this.questions = new Set(this.#routes.keys());
  }

  ask(question: Question, done: (answer: Answer) => void): void {
    const mapped = this.#routeOf(question);
    mapped.request(inputOf(question)).then(
      (request) => this.#send(request, mapped, done),
      (error: unknown) => done(notAsked(mapped.route, error)),
    );
  }

  /**
   * The request by which a question is asked, for a client that sends it by itself.
   *
   * @throws ExpressionError when the question cannot be mapped.
   */
  requestFor(question: Question): Promise<HttpRequest> {
    return this.#routeOf(question).request(inputOf(question));
  }

  /** What came of such a request. */
  answerTo(question: Question, request: HttpRequest, result: HttpResult): Promise<Answer> {
    return this.#routeOf(question).answer(request, result);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#client.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #routeOf({ kind }: Question): MappedRoute {
    const mapped = this.#routes.get(kind);
    if (mapped === undefined) throw new TypeError(`Expected a route for ${kind}, got none.`);
    return mapped;
  }

  #send(request: HttpRequest, { answer }: MappedRoute, done: (answer: Answer) => void): void {
    const end = (result: HttpResult) => void answer(request, result).then(done);
    if (this.#closed) end({ kind: "unsent", error: "stopped" });
    else this.#client.send(request, end);
  }
}

/** The routes that a platform has, by what is asked of each. */
function routesOf(definition: MappedApiDefinition): readonly (readonly [QuestionKind, RouteDefinition])[] {
  const { place, query, cancel, positions, quote, killSwitch } = definition;
  const all: readonly (readonly [QuestionKind, RouteDefinition | null])[] = [
    ["place", place],
    ["query", query],
    ["cancel", cancel],
    ["positions", positions],
    ["quote", quote],
    ["stop-trading", killSwitch?.stop ?? null],
    ["resume-trading", killSwitch?.resume ?? null],
  ];
  return all.flatMap(([kind, route]) => (route === null ? [] : [[kind, route] as const]));
}

/** The request could not be made: nothing reached the platform. */
function notAsked({ method, path }: RouteDefinition, error: unknown): Answer {
  const why = error instanceof Error ? error.message : String(error);
  return {
    outcome: "failed",
    httpStatus: null,
    error: "mapping-failed",
    again: { kind: "no" },
    said: {},
    unreadable: `the mapping of the request failed: ${why}`,
    sent: { method, path },
  };
}
