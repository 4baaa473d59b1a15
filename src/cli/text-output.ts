import { once } from 'node:events'
import type { Writable } from 'node:stream'

const FLUSH_CHARS = 64 * 1024

/** Lines to a stream in large pieces; waits for a slow reader, and notices one that went away (`| head`). */
export class TextOutput {
  private text = ''
  private gone = false
  private failure: Error | undefined

  constructor(private readonly out: Writable) {
    out.on('error', (error: NodeJS.ErrnoException) => {
      this.gone = true
      if (error.code !== 'EPIPE') this.failure = error
    })
    out.on('close', () => {
      this.gone = true
    })
  }

  /** The reader went away: nothing more need be written. */
  get closed(): boolean {
    return this.gone || this.out.destroyed
  }

  /** Adds a line. @returns whether flush() is due */
  line(text: string): boolean {
    this.text += `${text}\n`
    return this.text.length >= FLUSH_CHARS
  }

  /** Writes what was added and waits until the stream wants more; throws when it failed. */
  async flush(): Promise<void> {
    const text = this.text
    this.text = ''
    if (!this.closed && text !== '' && !this.out.write(text)) await this.writable()
    if (this.failure !== undefined) throw this.failure
  }

  private async writable(): Promise<void> {
    const stop = new AbortController()
    const ignore = (): void => {}
    try {
      // 'error' rejects once() for 'drain'; the listener of the constructor has kept the reason
      await Promise.race([
        once(this.out, 'drain', { signal: stop.signal }).catch(ignore),
        once(this.out, 'close', { signal: stop.signal }).catch(ignore),
      ])
    } finally {
      stop.abort()
    }
  }
}
