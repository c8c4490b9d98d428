import { registerHooks } from "node:module";
import { ownModule } from "../../installation/index.ts";

/** What users import of kanit. */
const PUBLIC_INTERFACE = ownModule("../../sdk/index.ts", import.meta.url).href;

/**
 * While it is not disposed of, `import … from "kanit"` in modules of users is the kanit that runs, wherever they are
 * and whatever is installed there.
 */
export function offerKanit(): Disposable {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === "kanit" ? { url: PUBLIC_INTERFACE, shortCircuit: true } : next(specifier, context),
  });
  return { [Symbol.dispose]: () => hooks.deregister() };
}
