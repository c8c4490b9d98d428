import type { StruckProcess } from "./struck-process.ts";

/** A pooler that pools otherwise than it should. */
export interface PoolChange extends StruckProcess {
  /** How many clients wait for a connection now. */
  waiting(): Promise<number>;
}

/** What faults may do to the database server of a lab and to its pooler, beyond a client's means. */
export interface FaultyDatabase {
  /**
   * Loses the server, and restores it to the moment that is so many ms ago; what was committed since then is gone. Its
   * restoration starts it.
   */
  restoreTo(agoMs: number): Promise<StruckProcess>;
  /**
   * Loses the server and fences it, and promotes a standby that has the log up to so many ms before. Its restoration
   * leads clients over.
   */
  failOver(lagMs: number): Promise<StruckProcess>;
  /** Lets the pooler hold a connection for each client's session, of which it has so many. */
  poolBySession(connections: number): Promise<PoolChange>;
  /** Moves a table to a small file system and fills that; its restoration moves the table back. */
  fillDisk(table: string): Promise<StruckProcess>;
}
