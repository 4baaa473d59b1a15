import { mkdirSync, readFileSync, type Stats } from 'node:fs'
import { open, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { lockDirectory } from '../directory-lock.js'
import { CollectorError, messageOf } from '../errors.js'
import { BrokerState } from './broker-state.js'
import { decodeState, encodeState } from './state-text.js'

const NAME = 'broker-state.jsonl'

/** Where the state is kept; tests have others. */
export interface StateStore {
  /** Resolves once the state would survive a loss of power; gives its size in bytes. */
  write(state: BrokerState): Promise<number>
}

/**
 * The state in one file, written whole to a second one and renamed: a reader finds the old or the new state, never a part.
 * One process at a time has the directory; besides, a file that somebody else replaced is never overwritten.
 */
export class StateFile implements StateStore {
  private constructor(
    private readonly directory: string,
    private readonly release: () => void,
    /** of the file that this process read or wrote last; undefined: there was none */
    private seen: string | undefined,
  ) {}

  /** Locks and reads the directory, which is made if absent; rejects when it is in use or its file is damaged. */
  static async open(directory: string): Promise<{ file: StateFile; state: BrokerState; bytes: number }> {
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 })
    } catch (error) {
      throw failure(`cannot make the directory ${directory}: ${messageOf(error)}; set broker.stateDir`, error)
    }
    const release = await lockDirectory(directory, 'broker.stateDir')
    if (release === null)
      throw failure(`another broker uses ${directory}; stop it, or set broker.stateDir to a directory of its own`)
    try {
      const path = join(directory, NAME)
      const seen = await identity(path)
      const text = seen === undefined ? undefined : readText(path)
      const state = text === undefined ? new BrokerState() : decode(path, text)
      return { file: new StateFile(directory, release, seen), state, bytes: Buffer.byteLength(text ?? '') }
    } catch (error) {
      release()
      throw error
    }
  }

  async write(state: BrokerState): Promise<number> {
    const path = join(this.directory, NAME)
    if ((await identity(path)) !== this.seen)
      throw failure(`${path} was changed by somebody else; restart the broker to go on with what it holds now`)
    const text = encodeState(state)
    const temporary = `${path}.new`
    try {
      const written = await writeDurably(temporary, text)
      await rename(temporary, path)
      this.seen = written
      await syncDirectory(this.directory)
    } catch (error) {
      throw failure(
        `cannot write ${path}: ${messageOf(error)}; free space on its disk and let this user write there`,
        error,
      )
    }
    return Buffer.byteLength(text)
  }

  close(): void {
    this.release()
  }
}

function failure(message: string, cause?: unknown): CollectorError {
  return new CollectorError('BROKER_STATE', message, false, { cause })
}

/** Differs between any two files and after any change; undefined when there is no file. */
async function identity(path: string): Promise<string | undefined> {
  try {
    return identityOf(await stat(path))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw failure(`cannot look at ${path}: ${messageOf(error)}; let this user read it`, error)
  }
}

function identityOf({ dev, ino, size, mtimeMs }: Stats): string {
  return `${dev}/${ino}/${size}/${mtimeMs}`
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw failure(`cannot read ${path}: ${messageOf(error)}; let this user read it`, error)
  }
}

function decode(path: string, text: string): BrokerState {
  try {
    return decodeState(text)
  } catch (error) {
    throw failure(
      `${path} is damaged: ${messageOf(error)}. Nothing was changed. Put back a copy of it; without one, move it away, ` +
        'start the broker, and create the service instances and bindings of the platform again',
      error,
    )
  }
}

/** @returns the identity of the file, which a rename does not change */
async function writeDurably(path: string, text: string): Promise<string> {
  const handle = await open(path, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
    return identityOf(await handle.stat())
  } finally {
    await handle.close()
  }
}

/** A rename is durable only when its directory is. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
