/** Names that nobody can have: `canary` of the deployment index, and those that RFC 2606 keeps for documents. */
const DOCUMENTED = /^(?:canary|(?:.+\.)?example(?:\.(?:com|net|org))?)$/;

/** Whether an address is one of the documentation, and was not allowed by name, so that it cannot be meant. */
export function documentationHost(address: string, allowedHosts: readonly string[]): boolean {
  if (!URL.canParse(address)) return false;
  const { hostname } = new URL(address);
  return DOCUMENTED.test(hostname) && !allowedHosts.includes(hostname);
}
