import { useEffect, useRef, useState } from 'preact/hooks'
import { ApiError } from '../api/api-error.js'

export interface Answer<T> {
  /** of this request, or of the one before while this one runs */
  value: T | undefined
  error: ApiError | undefined
  loading: boolean
  retry: () => void
}

/**
 * The answer to a request that is made again whenever `key` changes; null: none is wanted. A request that is overtaken
 * is cut off, so that the server can stop working on it too.
 */
export function useAnswer<T>(key: string | null, request: (signal: AbortSignal) => Promise<T>): Answer<T> {
  const [state, setState] = useState<Omit<Answer<T>, 'retry'>>({
    value: undefined,
    error: undefined,
    loading: key !== null,
  })
  const [attempt, setAttempt] = useState(0)
  const latest = useRef(request)
  latest.current = request

  useEffect(() => {
    if (key === null) return setState({ value: undefined, error: undefined, loading: false })
    const abort = new AbortController()
    setState((before) => ({ ...before, loading: true }))
    latest.current(abort.signal).then(
      (value) => abort.signal.aborted || setState({ value, error: undefined, loading: false }),
      (error) => abort.signal.aborted || setState({ value: undefined, error: asApiError(error), loading: false }),
    )
    return () => abort.abort()
  }, [key, attempt])

  return { ...state, retry: () => setAttempt((n) => n + 1) }
}

export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  return new ApiError('failed', error instanceof Error ? error.message : String(error))
}
