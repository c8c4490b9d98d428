import type { Toxic } from "../toxic.ts";

/** The properties of a link that a lease may change. */
export interface LinkProperties {
  readonly upstream: string;
  readonly listen: string;
  readonly enabled: boolean;
}

/** The properties of a toxic that a lease may change. */
export type ToxicSetting = Readonly<Pick<Toxic, "attributes" | "toxicity">>;

/** One change that is undone when its lease ends, as `GET /leases/{id}` returns it. */
export type Holding =
  | { readonly kind: "proxy"; readonly proxy: string }
  | { readonly kind: "toxic"; readonly proxy: string; readonly toxic: string }
  | {
      readonly kind: "proxy-change";
      readonly proxy: string;
      readonly change: Partial<LinkProperties>;
      /** The value that applies again without this lease. */
      readonly without: LinkProperties;
    }
  | {
      readonly kind: "toxic-change";
      readonly proxy: string;
      readonly toxic: string;
      readonly change: Partial<ToxicSetting>;
      readonly without: ToxicSetting;
    };
