import type { Database } from "../database/database.ts";
import { DatabaseUnavailableError } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { Metrics } from "../metrics.ts";

/** `canary`: this process only. `global`: every process on this database, also those that start later. */
type KillSwitchScope = "canary" | "global";

/** One use of the switch, as it is written to the audit table. */
export interface KillSwitchUse {
  readonly actor: string;
  readonly reason: string;
  readonly scope: KillSwitchScope;
  /** Whether it enables execution. */
  readonly enabled: boolean;
  /** Is only audited and changes nothing. */
  readonly dryRun: boolean;
}

/** The limit of audit rows kept while the database is unavailable. */
const PENDING_LIMIT = 1_000;

/**
 * Enables and disables the execution of orders. It takes effect immediately in memory, with or without the
 * database; the audit row follows, and other processes read a global stop from that row.
 */
export class KillSwitch {
  readonly #database: Database;
  readonly #metrics: Metrics;
  readonly #log: Logger;
  readonly #release: string;
  readonly #pending: KillSwitchUse[] = [];
  #enabledHere = true;
  #enabledEverywhere = true;

  constructor(options: {
    readonly database: Database;
    readonly metrics: Metrics;
    readonly log: Logger;
    readonly release: string;
  }) {
    this.#database = options.database;
    this.#metrics = options.metrics;
    this.#log = options.log;
    this.#release = options.release;
  }

  /** Whether orders are executed in this process. */
  get executionEnabled(): boolean {
    return this.#enabledHere && this.#enabledEverywhere;
  }

  /** Uses the switch, and returns whether its audit row has been written. */
  async use(use: KillSwitchUse): Promise<boolean> {
    this.#log.warn({ ...use, release: this.#release }, "kill switch");
    if (!use.dryRun) {
      if (use.scope === "canary") this.#enabledHere = use.enabled;
      else this.#enabledEverywhere = use.enabled;
      this.#metrics.executionEnabled.set(this.executionEnabled ? 1 : 0);
    }
    this.#pending.push(use);
    if (this.#pending.length > PENDING_LIMIT) this.#pending.shift();
    try {
      await this.refresh();
      return true;
    } catch (error) {
      if (error instanceof DatabaseUnavailableError) return false;
      throw error;
    }
  }

  /** Writes the pending audit rows, then reads what other processes decided. */
  async refresh(): Promise<void> {
    for (let use = this.#pending[0]; use !== undefined; use = this.#pending[0]) {
      await this.#database.query(
        `INSERT INTO kill_switch_audit (actor, reason, scope, dry_run, enabled, release)
         VALUES ($1, $2, $3, $4, $5, $6)`,
        [use.actor, use.reason, use.scope, use.dryRun, use.enabled, this.#release],
      );
      if (this.#pending[0] === use) this.#pending.shift();
    }
    const [last] = await this.#database.query<{ enabled: boolean }>(
      `SELECT enabled FROM kill_switch_audit WHERE scope = 'global' AND NOT dry_run ORDER BY id DESC LIMIT 1`,
    );
    // A use that was made while this row was being written is newer than it.
    if (this.#pending.length === 0) this.#enabledEverywhere = last?.enabled ?? true;
    this.#metrics.executionEnabled.set(this.executionEnabled ? 1 : 0);
  }
}
