export interface BackoffOptions {
  /** ms before the first retry */
  retryInitialMs: number
  /** ms between retries at the most */
  retryMaxMs: number
}

/** Waits before retry number `attempt` (from 0): doubling, capped, with half of it random. Ends early on abort. */
export async function backoff(attempt: number, options: BackoffOptions, signal: AbortSignal): Promise<void> {
  const full = Math.min(options.retryMaxMs, options.retryInitialMs * 2 ** Math.min(attempt, 30))
  const ms = full / 2 + (Math.random() * full) / 2
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', finish)
      resolve()
    }
    const timer = setTimeout(finish, ms)
    if (signal.aborted) finish()
    else signal.addEventListener('abort', finish)
  })
}
