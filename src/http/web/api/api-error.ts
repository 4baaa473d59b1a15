export type ApiErrorKind = 'unreachable' | 'unauthorized' | 'refused' | 'failed'

/** An answer that is none: what happened, and the server's own words where it had any. */
export class ApiError extends Error {
  override readonly name = 'ApiError'

  constructor(
    readonly kind: ApiErrorKind,
    message: string,
    readonly status = 0,
  ) {
    super(message)
  }
}

function kindOf(status: number): ApiErrorKind {
  if (status === 401 || status === 403) return 'unauthorized'
  return status >= 400 && status < 500 ? 'refused' : 'failed'
}

/** The error in an answer, or undefined. A server of 1.5.2 reports one as `{"exception": …}` with status 200. */
export function errorOf(status: number, body: unknown): ApiError | undefined {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as {
    exception?: { message?: unknown }
    message?: unknown
  }
  if (fields.exception !== undefined) {
    return new ApiError(kindOf(status), String(fields.exception?.message ?? fields.message ?? ''), status)
  }
  if (status >= 200 && status < 300) return undefined
  return new ApiError(kindOf(status), typeof fields.message === 'string' ? fields.message : '', status)
}
