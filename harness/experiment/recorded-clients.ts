import { randomUUID } from "node:crypto";
import { type Answer, askOnce, openApi, type PlatformApi, requestClient } from "../../api/index.ts";
import { cspReport, type FaultyClients } from "../../chaos/index.ts";
import type { PlatformDefinition } from "../../definition/index.ts";
import type { Lab } from "../../lab/index.ts";
import { type LoadResult, type Operation, readingOf } from "../../load/index.ts";
import { NetworkError, requestHttp } from "../../network/index.ts";

const QUANTITY = "0.00103";
const TIMEOUT_MS = 5_000;

/** What the clients ask, and by which clock their operations are dated. */
export interface RecordedClientsOptions {
  readonly lab: Pick<Lab, "addresses" | "driver" | "symbols">;
  readonly platform: Pick<PlatformDefinition, "api">;
  /** Milliseconds since the load's start. */
  readonly now: () => number;
}

/**
 * The clients of a scenario's faults. Each of their orders is an operation of the history, like those of the load, so
 * that every invariant judges it; their other requests are counted.
 */
export class RecordedClients implements FaultyClients, AsyncDisposable {
  readonly #options: RecordedClientsOptions;
  readonly #operations: Omit<Operation, "id">[] = [];
  #api: Promise<PlatformApi> | null = null;
  #requests = 0;

  constructor(options: RecordedClientsOptions) {
    this.#options = options;
  }

  /** What the load's clients and these did together; the operations of these have the last numbers. */
  addedTo(load: LoadResult): LoadResult {
    const last = load.operations.reduce((most, { id }) => Math.max(most, id), 0);
    const operations = this.#operations.map((operation, index) => ({ id: last + index + 1, ...operation }));
    return {
      ...load,
      operations: [...load.operations, ...operations],
      unrecordedRequests: load.unrecordedRequests + this.#requests,
    };
  }

  async placeAtOnce(venue: string, times: number): Promise<number> {
    const api = await this.#opened();
    const key = `kanit-burst-${randomUUID()}`;
    const answers = await Promise.all(Array.from({ length: times }, () => this.#place(api, venue, key)));
    return answers.filter(({ outcome }) => outcome !== "unknown").length;
  }

  async report(path: string, directive: string): Promise<boolean> {
    const { lab } = this.#options;
    this.#requests += 1;
    try {
      const url = new URL(path, lab.addresses.api);
      await requestHttp(url, { method: "POST", ...cspReport(directive), deadlineMs: TIMEOUT_MS });
      return true;
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      return false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#api)?.close();
  }

  /** A driver is a program: it is started only where a fault asks something. */
  #opened(): Promise<PlatformApi> {
    const { lab, platform } = this.#options;
    this.#api ??= lab.driver().then((driver) =>
      openApi(platform.api, {
        client: requestClient(lab.addresses.api, TIMEOUT_MS),
        driver,
        timeoutMs: TIMEOUT_MS,
      }),
    );
    return this.#api;
  }

  async #place(api: PlatformApi, venue: string, key: string): Promise<Answer> {
    const { lab } = this.#options;
    const market = { side: "buy", type: "market", quantity: QUANTITY, price: null } as const;
    const order = { venue, symbol: lab.symbols[0], ...market };
    const startedAtMs = this.#options.now();
    const answer = await askOnce(api, { kind: "place", order, key, account: null });
    this.#operations.push({
      kind: "place",
      plannedAtMs: startedAtMs,
      startedAtMs,
      endedAtMs: this.#options.now(),
      ...readingOf(answer),
      // All are first attempts, as of a person who clicks twice.
      ...{ attempt: 1, attemptOf: null, idempotencyKey: key },
      request: { ...answer.sent, order },
    });
    return answer;
  }
}
