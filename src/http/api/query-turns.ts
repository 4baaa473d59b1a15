import { BadRequest } from '../../query/bad-request.js'

/** More are refused at once. A page asks for a handful at a time. */
const MAX_WAITING = 32

/** Who got no turn until then is refused. */
const MAX_WAIT_MS = 10_000

/** Lets so many queries run at a time; a few others wait a short time for their turn, first come first served. */
export class QueryTurns {
  private running = 0
  private readonly waiting = new Set<() => void>()

  constructor(
    private readonly maxRunning: number,
    private readonly maxWaitMs = MAX_WAIT_MS,
  ) {}

  /** Rejects when there was no turn, or when the signal is aborted before it. */
  async run<T>(signal: AbortSignal, query: () => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    if (this.running < this.maxRunning) this.running++
    else await this.turn(signal)
    try {
      return await query()
    } finally {
      this.end()
    }
  }

  private turn(signal: AbortSignal): Promise<void> {
    if (this.waiting.size >= MAX_WAITING) throw this.refusal()
    return new Promise((resolve, reject) => {
      const stopWaiting = (): void => {
        this.waiting.delete(begin)
        clearTimeout(timer)
        signal.removeEventListener('abort', leave)
      }
      const begin = (): void => {
        stopWaiting()
        resolve()
      }
      const leave = (): void => {
        stopWaiting()
        reject(signal.reason)
      }
      const timer = setTimeout(() => {
        stopWaiting()
        reject(this.refusal())
      }, this.maxWaitMs)
      signal.addEventListener('abort', leave)
      this.waiting.add(begin)
    })
  }

  /** The place goes to the one that has waited longest. */
  private end(): void {
    const [next] = this.waiting
    if (next === undefined) this.running--
    else next()
  }

  private refusal(): BadRequest {
    return new BadRequest(
      'too_many_running',
      `${this.maxRunning} queries are running and others wait; ask again, for a shorter time, or raise query.maxRunning`,
      503,
    )
  }
}
