import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { Metrics } from './collector-metrics.js'
import { type ProcessUsage, usageOfGroup } from './collector-usage.js'

// The collector as its users have it: bin/pinpoint-collector in a process of its own, on free ports.

const BIN = fileURLToPath(new URL('../../../bin/pinpoint-collector', import.meta.url))
const READY_LIMIT_MS = 20_000
const MAX_LOG_LINES = 2_000

export type Child = ChildProcessByStdio<null, Readable, Readable>

export interface CollectorPorts {
  tcp: number
  stat: number
  span: number
  http: number
}

export interface CollectorOptions {
  workers: number | 'auto'
  dataDir: string
  /** other settings, as name=value */
  set?: readonly string[]
  /** a command that runs the rest of its arguments, such as taskset */
  launcher?: readonly string[]
  environment?: Readonly<Record<string, string>>
}

export interface CollectorExit {
  code: number | null
  signal: string | null
}

/**
 * The command, with nothing of the test runner's in its environment, and no setting of ours. The runner puts itself into
 * the NODE_OPTIONS of every child, so that it takes env to get rid of it; env becomes the command, its pid is the same.
 */
export function run(args: readonly string[], detached: boolean, options: Partial<CollectorOptions> = {}): Child {
  const { PATH = '', HOME = '' } = process.env
  const environment = Object.entries({ PATH, HOME, ...options.environment }).map(([name, value]) => `${name}=${value}`)
  const clean = ['-i', ...environment, ...(options.launcher ?? []), process.execPath, BIN]
  return spawn('env', [...clean, ...args], { stdio: ['ignore', 'pipe', 'pipe'], detached })
}

/** A new directory, gone when this process ends. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'pinpoint-collector-'))
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** A collector that runs. */
export class Collector {
  readonly ports: CollectorPorts = { tcp: 0, stat: 0, span: 0, http: 0 }
  /** from the start of the process to READY */
  readyMs = 0
  /** what it logged: the last lines, parsed */
  readonly log: { level: string; msg: string }[] = []
  readonly exited: Promise<CollectorExit>
  private readonly killAtExit = (): void => this.signalGroup('SIGKILL')

  private constructor(
    private readonly child: Child,
    readonly dataDir: string,
  ) {
    this.exited = once(child, 'exit').then(([code, signal]) => {
      process.off('exit', this.killAtExit)
      return { code, signal }
    })
    process.on('exit', this.killAtExit)
    createInterface({ input: child.stderr }).on('line', (line) => this.logged(line))
  }

  /** Resolves at READY; rejects with what it logged when it ends before. */
  static async start(options: CollectorOptions): Promise<Collector> {
    const { workers, dataDir, set = [] } = options
    const began = performance.now()
    const settings = ['host=127.0.0.1', `workers=${workers}`, ...set].flatMap((s) => ['--set', s])
    const ports = ['--tcp-port', '0', '--stat-port', '0', '--span-port', '0', '--http-port', '0']
    // a process group of its own, so that kill() reaches the workers too
    const child = run(['start', '--data-dir', dataDir, ...ports, ...settings], true, options)
    const collector = new Collector(child, dataDir)
    const timer = setTimeout(() => collector.signalGroup('SIGKILL'), READY_LIMIT_MS)
    const ready = await Promise.race([readyLine(child), collector.exited])
    clearTimeout(timer)
    collector.readyMs = performance.now() - began
    if (typeof ready !== 'string') throw new Error(`no READY: ${JSON.stringify([ready, collector.log])}`)
    for (const name of ['tcp', 'stat', 'span', 'http'] as const)
      collector.ports[name] = Number(new RegExp(` ${name}=(\\d+)`).exec(ready)?.[1])
    return collector
  }

  /** What /metrics says now. */
  metrics(): Promise<Metrics> {
    return new Promise((resolve, reject) => {
      get({ port: this.ports.http, host: '127.0.0.1', path: '/metrics', agent: false }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (text += chunk))
        response.on('end', () => resolve(new Metrics(text)))
        response.on('error', reject)
      }).on('error', reject)
    })
  }

  /** Memory and CPU time of all its processes. */
  usage(): ProcessUsage[] {
    return usageOfGroup(this.child.pid!)
  }

  /** As an operator stops it. */
  stop(): Promise<CollectorExit> {
    this.child.kill('SIGTERM')
    return this.exited
  }

  /** kill -9, to all its processes at once. */
  async kill(): Promise<void> {
    this.signalGroup('SIGKILL')
    await this.exited
    while (this.usage().length > 0) await new Promise(setImmediate)
  }

  private signalGroup(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.child.pid!, signal)
    } catch {
      // it has ended
    }
  }

  private logged(line: string): void {
    const json = line.startsWith('{')
    this.log.push(json ? JSON.parse(line) : { level: 'none', msg: line })
    if (this.log.length > MAX_LOG_LINES) this.log.shift()
  }
}

/** The READY line; never resolves when there is none. */
export async function readyLine(child: Child): Promise<string> {
  for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('READY ')) return line
  return new Promise(() => {})
}

/** Every line of `pinpoint-collector dump`; throws when the command fails, as it does when the store cannot be opened. */
export async function* dumpLines(dataDir: string, ...tables: string[]): AsyncGenerator<string> {
  const child = run(['dump', '--data-dir', dataDir, ...tables], false)
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  const exit = once(child, 'close')
  yield* createInterface({ input: child.stdout })
  const [code] = await exit
  if (code !== 0) throw new Error(`dump ended with ${code}: ${complaint}`)
}

/** Looks every now and then until the condition holds; false when it did not in time. */
export async function eventually(condition: () => boolean | Promise<boolean>, limitMs = 20_000): Promise<boolean> {
  const end = performance.now() + limitMs
  while (!(await condition())) {
    if (performance.now() > end) return false
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return true
}
