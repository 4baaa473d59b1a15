/** Longest part of a stranger's text that is logged. */
const MAX_LENGTH = 200

/** Who wanted a call, for the log. */
export interface Identity {
  platform: string
  user: string
}

/**
 * Reads X-Broker-API-Originating-Identity: `cloudfoundry <base64 of {"user_id":…}>`, or `kubernetes` with `username`.
 * @returns undefined when there is none that can be read; it is only a hint
 */
export function originatingIdentity(header: unknown): Identity | undefined {
  if (typeof header !== 'string') return undefined
  const [platform, encoded] = header.split(' ', 2)
  if (encoded === undefined) return undefined
  try {
    const value = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as Record<string, unknown> | null
    const user = value?.user_id ?? value?.username
    if (typeof user !== 'string') return undefined
    return { platform: platform.slice(0, MAX_LENGTH), user: user.slice(0, MAX_LENGTH) }
  } catch {
    return undefined
  }
}
