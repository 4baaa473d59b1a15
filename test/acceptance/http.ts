const TIMEOUT_MS = 60_000

export interface Answer {
  status: number
  /** the whole body */
  text: string
}

export interface Question {
  method?: string
  headers?: Record<string, string>
  /** sent as JSON */
  body?: unknown
}

/** Asks and reads the whole answer, of any status; throws only when nobody answers within a minute. */
export async function ask(url: string, question: Question = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = question
  const json = body === undefined ? {} : { 'content-type': 'application/json' }
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers, ...json },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    throw new Error(`${method} ${url}: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

/** The header of HTTP basic authentication. */
export function basic(user: string, password: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
}

/** The body as JSON; throws with its beginning when it is none. */
export function jsonOf(answer: Answer): unknown {
  try {
    return JSON.parse(answer.text)
  } catch {
    throw new Error(`status ${answer.status}, and the body is no JSON: ${answer.text.slice(0, 80)}`)
  }
}
