import type { Application } from '../api/applications.js'

/** Applications whose name or type has all words of the query in it; those that begin with it come first. */
export function matchApplications(applications: readonly Application[], query: string): Application[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const matching = applications.filter((a) => {
    const text = `${a.applicationName} ${a.serviceType}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  const begins = (a: Application): number => (a.applicationName.toLowerCase().startsWith(words[0] ?? '') ? 0 : 1)
  return words.length === 0 ? matching : matching.toSorted((a, b) => begins(a) - begins(b))
}
