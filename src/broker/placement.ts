/**
 * The collector for a new binding. An agent knows one collector and never moves, so this is all the balancing there is.
 * @param hosts collectors in configured order, at least one
 * @returns the one with the fewest bindings; the first of several
 */
export function leastBound(hosts: readonly string[], bindings: ReadonlyMap<string, number>): string {
  const count = (host: string): number => bindings.get(host) ?? 0
  return hosts.reduce((best, host) => (count(host) < count(best) ? host : best))
}
