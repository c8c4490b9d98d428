/** Names that nobody can have: `canary` of the deployment index, and those that RFC 2606 keeps for documents. */
const DOCUMENTED = /^(?:canary|(?:.+\.)?example(?:\.(?:com|net|org))?)$/;

/**
 * Whether an address stands in the documentation as an example, such as canary.example.com. Nobody means such a host,
 * unless it is allowed by name.
 */
export function documentationHost(address: string, allowedHosts: readonly string[]): boolean {
  if (!URL.canParse(address)) return false;
  const { hostname } = new URL(address);
  return DOCUMENTED.test(hostname) && !allowedHosts.includes(hostname);
}
