import type { Random } from "../../core/index.ts";
import type { VenueCredentials } from "../../venues/index.ts";
import type { LabOptions } from "../lab-options.ts";
import type { LabSecrets } from "../lab-secrets.ts";
import type { LabGuard } from "./lab-guard.ts";
import type { LabProcesses } from "./lab-processes.ts";
import type { FakedClock } from "./libfaketime.ts";
import type { LocalSettings } from "./local-settings.ts";
import type { UserIdentity } from "./unprivileged-user.ts";

/** What the parts of one lab share during its start. */
export interface LabContext {
  readonly options: LabOptions;
  readonly settings: LocalSettings;
  readonly id: string;
  readonly directory: string;
  readonly logDirectory: string;
  readonly cacheDirectory: string;
  readonly user: UserIdentity;
  readonly random: Random;
  readonly credentials: VenueCredentials;
  readonly secrets: LabSecrets;
  readonly guard: LabGuard;
  readonly processes: LabProcesses;
  /** The platform's clock; null when nothing will step it. */
  readonly platformClock: FakedClock | null;
  readonly findPort: () => Promise<number>;
}
