import type { Database } from "../database/database.ts";
import type { Defects } from "../defects.ts";
import { DatabaseUnavailableError, messageOf } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { Metrics } from "../metrics.ts";

/**
 * Whom a use concerns: every process of the canary, or every process on this database; in both cases also those that
 * start later.
 */
type KillSwitchScope = "canary" | "global";

/** Which version of the platform this process is: `lone` where there is only one, which every scope concerns. */
export type Arm = "canary" | "stable" | "lone";

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

/** For each scope, whether it allows execution. */
type SwitchState = Readonly<Record<KillSwitchScope, boolean>>;

const ENABLED = { canary: true, global: true };
const DISABLED = { canary: false, global: false };

/** The limit of audit rows kept while the database is unavailable. */
const PENDING_LIMIT = 1_000;

/**
 * Enables and disables the execution of orders. It takes effect immediately in memory, with or without the
 * database; the audit row follows, and other processes read what was decided from that row.
 *
 * A process that has not read the rows since its start does not know whether it may execute, and does not. One that has
 * keeps what it knows while the rows cannot be read.
 */
export class KillSwitch {
  readonly #database: Database;
  readonly #metrics: Metrics;
  readonly #log: Logger;
  readonly #release: string;
  readonly #arm: Arm;
  readonly #defects: Defects;
  readonly #pending: KillSwitchUse[] = [];
  /** Null while the rows have not been read. */
  #enabledBy: SwitchState | null = null;

  constructor(options: {
    readonly database: Database;
    readonly metrics: Metrics;
    readonly log: Logger;
    readonly release: string;
    readonly arm: Arm;
    readonly defects: Defects;
  }) {
    this.#database = options.database;
    this.#metrics = options.metrics;
    this.#log = options.log;
    this.#release = options.release;
    this.#arm = options.arm;
    this.#defects = options.defects;
    if (this.#defects.has("open-kill-switch")) this.#enabledBy = ENABLED; // DEFECT open-kill-switch
  }

  /** Whether orders are executed in this process. */
  get executionEnabled(): boolean {
    const { canary = false, global = false } = this.#enabledBy ?? {};
    const concerned = this.#arm !== "stable" || this.#defects.has("wide-kill-switch"); // DEFECT wide-kill-switch
    return global && (canary || !concerned);
  }

  /**
   * Whether an order may be executed, read first where that is not known yet. What cannot be read is no permission.
   *
   * @throws DatabaseUnavailableError
   */
  async mayExecute(): Promise<boolean> {
    try {
      if (this.#enabledBy === null) await this.#readRows();
    } catch (error) {
      if (error instanceof DatabaseUnavailableError) throw error;
      this.#log.error({ error: messageOf(error) }, "the kill switch cannot be read: no order is executed");
    }
    return this.executionEnabled;
  }

  /** Uses the switch, and returns whether its audit row has been written. */
  async use(asked: KillSwitchUse): Promise<boolean> {
    const use = this.#defects.has("real-dry-run") ? { ...asked, dryRun: false } : asked; // DEFECT real-dry-run
    this.#log.warn({ ...use, release: this.#release }, "kill switch");
    if (!use.dryRun) this.#set({ ...(this.#enabledBy ?? DISABLED), [use.scope]: use.enabled });
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
    await this.#readRows();
  }

  async #readRows(): Promise<void> {
    const newest = (scope: KillSwitchScope) =>
      `coalesce((SELECT enabled FROM kill_switch_audit WHERE scope = '${scope}' AND NOT dry_run ORDER BY id DESC LIMIT 1), true)`;
    const [last = ENABLED] = await this.#database.query<SwitchState>(
      `SELECT ${newest("canary")} AS canary, ${newest("global")} AS global`,
    );
    // A use that was made while its row was being written is newer than what was read.
    if (this.#pending.length > 0) return;
    const canary = this.#enabledBy?.canary ?? true;
    this.#set(this.#defects.has("forgetful-kill-switch") ? { ...last, canary } : last); // DEFECT forgetful-kill-switch
  }

  #set(given: SwitchState): void {
    const before = this.#enabledBy ?? ENABLED;
    let enabledBy = given;
    if (this.#defects.has("stuck-kill-switch")) {
      enabledBy = { ...given, canary: given.canary && before.canary }; // DEFECT stuck-kill-switch
    }
    this.#enabledBy = enabledBy;
    this.#metrics.executionEnabled.set(this.executionEnabled ? 1 : 0);
  }
}
