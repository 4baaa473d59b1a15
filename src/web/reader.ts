import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Settings } from '../config/settings.js'
import { messageOf } from '../errors.js'
import type { Logger } from '../log.js'
import { BadRequest } from '../query/bad-request.js'
import type { ReaderReady, ReaderStart } from './reader-program.js'

const PROGRAM = new URL('./reader-program.js', import.meta.url)
const START_TIMEOUT_MS = 30_000
/**
 * A query that would need more objects ends its process, which is started again for the next one. The bytes of rows are
 * Buffers, which lie outside of this bound: query.maxBytes and query.maxRunning bound them.
 */
const NODE_OPTIONS = ['--max-old-space-size=512', '--max-semi-space-size=8']

/**
 * The process that answers the read API of a collector, so that no query delays a receiver and none can end it. It is
 * started by the first request, and again after it died.
 */
export class Reader {
  private child: ChildProcess | null = null
  private socket: Promise<string> | null = null
  /** of the child; made when it is started, for those that clean up /tmp would take an old one away */
  private directory: string | null = null

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

  private async start(): Promise<string> {
    const directory = makeDirectory()
    const socketPath = join(directory, 'reader.sock')
    const child = fork(PROGRAM, { execArgv: NODE_OPTIONS, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.child = child
    this.directory = directory
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        clearTimeout(timer)
        reject(notStarted(why))
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
      child.once('error', (error) => {
        if (child.pid === undefined) remove(directory)
        fail(error.message)
      })
      child.once('exit', (code, signal) => {
        remove(directory)
        fail(`it ended with ${signal ?? `exit code ${code}`}`)
        this.exited(child, code, signal)
      })
      child.send({ settings: this.settings, socketPath } satisfies ReaderStart, () => {})
    })
  }

  private exited(child: ChildProcess, code: number | null, signal: string | null): void {
    if (child !== this.child) return
    this.child = null
    this.directory = null
    this.socket = null
    this.log.error({ code, signal }, 'the process that answers queries ended; the next query starts it again')
  }

  /** Ends it; nothing of it has to be kept. */
  close(): void {
    const child = this.child
    this.child = null
    child?.kill('SIGKILL')
    if (this.directory !== null) remove(this.directory)
    this.directory = null
  }
}

/** Only this user can look into it. */
function makeDirectory(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'pinpoint-reader-'))
  } catch (error) {
    throw notStarted(messageOf(error))
  }
}

function remove(directory: string): void {
  rmSync(directory, { recursive: true, force: true })
}

function notStarted(why: string): BadRequest {
  return new BadRequest('no_reader', `the process that reads the store could not be started: ${why}`, 503)
}
