import { describeMistake, parseData, shown, UnavailableError } from "../../core/index.ts";
import type { Answer, PlatformApi } from "../answer.ts";
import type { DrivenApiDefinition } from "../api-definition.ts";
import { inputOf, type Question, type QuestionKind } from "../question.ts";
import { HELLO_SCHEMA } from "./driver-messages.ts";
import { DriverProcess } from "./driver-process.ts";
import type { DriverProgram } from "./driver-program.ts";
import { readDriverAnswer, unheard } from "./read-driver-answer.ts";

interface Waiting {
  readonly question: Question;
  readonly deadline: NodeJS.Timeout;
  readonly done: (answer: Answer) => void;
}

/** A platform's API, spoken by a program of the user's (docs/driver.md). */
export class DrivenApi implements PlatformApi {
  readonly #definition: DrivenApiDefinition;
  readonly #timeoutMs: number;
  readonly #process: DriverProcess;
  readonly #greeted = Promise.withResolvers<ReadonlySet<QuestionKind>>();
  readonly #waiting = new Map<number, Waiting>();
  /** The questions whose time ran out: what is answered to them is late. */
  readonly #late = new Set<number>();
  #questions: ReadonlySet<QuestionKind> = new Set();
  #lastId = 0;
  #isGreeted = false;
  #ended: string | null = null;

  private constructor(definition: DrivenApiDefinition, program: DriverProgram, timeoutMs: number) {
    this.#definition = definition;
    this.#timeoutMs = timeoutMs;
    this.#process = new DriverProcess(program, {
      onLine: (line) => this.#read(line),
      onEnd: (why) => this.#end(why),
    });
  }

  /**
   * Starts a driver, and waits until it says what it can do.
   *
   * @param timeoutMs how long an answer is waited for.
   * @throws UnavailableError `driver-not-ready` when it ends before, or says something else.
   */
  static async open(
    definition: DrivenApiDefinition,
    program: DriverProgram,
    timeoutMs: number,
  ): Promise<DrivenApi> {
    const { startsWithinMs } = definition.driver;
    const api = new DrivenApi(definition, program, timeoutMs);
    const limit = setTimeout(
      () => api.#process.end(`wrote no line within ${startsWithinMs / 1_000} s`),
      startsWithinMs,
    );
    try {
      api.#questions = await api.#greeted.promise;
      return api;
    } catch (error) {
      await api.close();
      throw error;
    } finally {
      clearTimeout(limit);
    }
  }

  get questions(): ReadonlySet<QuestionKind> {
    return this.#questions;
  }

  ask(question: Question, done: (answer: Answer) => void): void {
    if (this.#ended !== null) {
      const why = this.#ended;
      queueMicrotask(() => done(unheard(question, "failed", "driver-ended", why)));
      return;
    }
    this.#lastId += 1;
    const id = this.#lastId;
    const deadline = setTimeout(() => this.#runOut(id), this.#timeoutMs);
    this.#waiting.set(id, { question, deadline, done });
    const message = { id, ask: question.kind, input: inputOf(question), deadlineMs: this.#timeoutMs };
    this.#process.write(JSON.stringify(message));
  }

  async close(): Promise<void> {
    this.#ended ??= "the driver was stopped";
    for (const id of [...this.#waiting.keys()])
      this.#answer(id, (question) => unheard(question, "unknown", "stopped", null));
    await this.#process.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #read(line: string): void {
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      this.#process.end(`wrote a line that is no JSON to its standard output: ${shown(line)}`);
      return;
    }
    if (this.#isGreeted) this.#readAnswer(message);
    else this.#readHello(message);
  }

  #readHello(message: unknown): void {
    const hello = parseData(HELLO_SCHEMA, message);
    if (hello.kind === "mistakes") {
      this.#process.end(
        `wrote a first line that does not say what it can do: ${hello.mistakes.map(describeMistake).join("; ")}`,
      );
      return;
    }
    this.#isGreeted = true;
    this.#greeted.resolve(new Set(hello.value.can));
  }

  #readAnswer(message: unknown): void {
    const id = typeof message === "object" && message !== null && "id" in message ? message.id : undefined;
    if (typeof id !== "number" || !Number.isInteger(id) || id < 1 || id > this.#lastId) {
      this.#process.end(`answered what was not asked: ${shown(message)}`);
      return;
    }
    if (this.#late.delete(id)) return;
    if (this.#waiting.has(id))
      this.#answer(id, (question) => readDriverAnswer(question, message, this.#definition));
    else this.#process.end(`answered question ${id} twice`);
  }

  #runOut(id: number): void {
    this.#late.add(id);
    this.#answer(id, (question) => unheard(question, "unknown", "timeout", null));
  }

  #end(why: string): void {
    const sentence = `the driver ${why}`;
    this.#ended ??= sentence;
    this.#greeted.reject(notReady(why));
    this.#greeted.promise.catch(() => undefined);
    for (const id of [...this.#waiting.keys()])
      this.#answer(id, (question) => unheard(question, "unknown", "driver-ended", sentence));
  }

  #answer(id: number, answerTo: (question: Question) => Answer): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.deadline);
    waiting.done(answerTo(waiting.question));
  }
}

function notReady(why: string): UnavailableError {
  return new UnavailableError({
    code: "driver-not-ready",
    message: `Expected the driver's first line to say what it can do, but it ${why}${why.endsWith("?") ? "" : "."}`,
    nextStep: "docs/driver.md shows the protocol and two drivers.",
  });
}
