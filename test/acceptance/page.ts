// What the page asks for when it is opened at #/main/<application>@TOMCAT. The part after # never reaches a server.

export const SERVICE_TYPE = 'TOMCAT'

const BEFORE_MS = 60_000
const AFTER_MS = 120_000

/** The address of an application's page. */
export function pageAddress(web: string, application: string): string {
  return `${web}/#/main/${encodeURIComponent(application)}@${SERVICE_TYPE}`
}

/** The request for the server map of an application, from a minute before `since` (ms) on. */
export function mapAddress(web: string, application: string, since: number): string {
  const query = new URLSearchParams({
    applicationName: application,
    serviceTypeName: SERVICE_TYPE,
    from: String(since - BEFORE_MS),
    to: String(Date.now() + AFTER_MS),
    callerRange: '1',
    calleeRange: '1',
  })
  return `${web}/getServerMapData.pinpoint?${query}`
}

/** Whether the answer of applications.pinpoint has this application as a Tomcat. */
export function listsApplication(body: unknown, application: string): boolean {
  if (!Array.isArray(body)) return false
  return body.some((entry) => entry?.applicationName === application && entry?.serviceType === SERVICE_TYPE)
}

/** The requests that the application's own node of a server map counts; undefined when it is not in the map. */
export function nodeCount(body: unknown, application: string): number | undefined {
  const { applicationMapData } = (body ?? {}) as { applicationMapData?: { nodeDataArray?: unknown } }
  const nodes = applicationMapData?.nodeDataArray
  if (!Array.isArray(nodes)) return undefined
  const own = nodes.find((node) => node?.applicationName === application && node?.serviceType === SERVICE_TYPE)
  return own === undefined ? undefined : Number(own.totalCount)
}
