/** A process of the lab that does not work, because a fault made it so. */
export interface StruckProcess {
  /** Lets it work again; resolves when it does. */
  restore(): Promise<void>;
}
