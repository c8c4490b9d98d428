import type { Toxic } from "../toxic.ts";

/** What may be changed on a link. */
export interface LinkProperties {
  readonly upstream: string;
  readonly listen: string;
  readonly enabled: boolean;
}

/** What may be changed on a toxic. */
export type ToxicSetting = Readonly<Pick<Toxic, "attributes" | "toxicity">>;

/** One thing that is undone when its lease ends, as `GET /leases/{id}` tells it. */
export type Holding =
  | { readonly kind: "proxy"; readonly proxy: string }
  | { readonly kind: "toxic"; readonly proxy: string; readonly toxic: string }
  | {
      readonly kind: "proxy-change";
      readonly proxy: string;
      readonly change: Partial<LinkProperties>;
      /** What is in force again without this lease. */
      readonly without: LinkProperties;
    }
  | {
      readonly kind: "toxic-change";
      readonly proxy: string;
      readonly toxic: string;
      readonly change: Partial<ToxicSetting>;
      readonly without: ToxicSetting;
    };
