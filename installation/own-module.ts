/**
 * The address of one of kanit's own modules, for a process or a thread that runs it: named as its source is, from the
 * module that names it. In a package TypeScript is compiled, and its names end in `.js`.
 *
 * @param moduleUrl `import.meta.url` of the module that names it.
 */
export function ownModule(path: string, moduleUrl: string): URL {
  const name = moduleUrl.endsWith(".ts") ? path : path.replace(/\.ts$/, ".js");
  return new URL(name, moduleUrl);
}
