import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Settings } from '../config/settings.js'
import type { Logger } from '../log.js'
import { BadRequest } from '../query/bad-request.js'
import type { ReaderReady, ReaderStart } from './reader-program.js'

const PROGRAM = new URL('./reader-program.js', import.meta.url)
const START_TIMEOUT_MS = 30_000
/** A query that would need more ends its process, which is started again for the next one. */
const NODE_OPTIONS = ['--max-old-space-size=512', '--max-semi-space-size=8']

/**
 * The process that answers the read API of a collector, so that no query delays a receiver and none can end it. It is
 * started by the first request, and again after it died.
 */
export class Reader {
  private child: ChildProcess | null = null
  private socket: Promise<string> | null = null
  private readonly directory = mkdtempSync(join(tmpdir(), 'pinpoint-reader-'))
  private starts = 0

  constructor(
    private readonly settings: Settings,
    private readonly log: Pick<Logger, 'error' | 'info'>,
  ) {}

  /** Path of the socket where it listens. */
  readonly socketPath = (): Promise<string> => {
    this.socket ??= this.start().catch((error: unknown) => {
      this.socket = null
      throw error
    })
    return this.socket
  }

  private start(): Promise<string> {
    const socketPath = join(this.directory, `${this.starts++}.sock`)
    const child = fork(PROGRAM, { execArgv: NODE_OPTIONS, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.child = child
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        clearTimeout(timer)
        reject(new BadRequest('no_reader', `the process that reads the store could not be started: ${why}`, 503))
      }
      const timer = setTimeout(() => {
        fail(`it was not ready after ${START_TIMEOUT_MS} ms`)
        child.kill('SIGKILL')
      }, START_TIMEOUT_MS)
      child.once('message', ({ failed }: ReaderReady) => {
        if (failed !== null) return fail(failed)
        clearTimeout(timer)
        resolve(socketPath)
      })
      child.once('error', (error) => fail(error.message))
      child.once('exit', (code, signal) => {
        fail(`it ended with ${signal ?? `exit code ${code}`}`)
        this.exited(child, code, signal)
      })
      child.send({ settings: this.settings, socketPath } satisfies ReaderStart, () => {})
    })
  }

  private exited(child: ChildProcess, code: number | null, signal: string | null): void {
    if (child !== this.child) return
    this.child = null
    this.socket = null
    this.log.error({ code, signal }, 'the process that answers queries ended; the next query starts it again')
  }

  /** Ends it; nothing of it has to be kept. */
  close(): void {
    const child = this.child
    this.child = null
    child?.kill('SIGKILL')
    rmSync(this.directory, { recursive: true, force: true })
  }
}
