import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Call, platformHeaders } from './broker.js'
import { type Child, type CollectorExit, readyLine, run, temporaryDirectory } from './collector.js'

// The broker as its operators have it: bin/pinpoint-collector broker in a process of its own, on a free port.

const PASSWORD = 'from a file'
const AUTHORIZATION = `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`

export interface BrokerProcessOptions {
  stateDir: string
  collectors?: readonly string[]
  /** further arguments */
  args?: readonly string[]
}

export interface HttpAnswer {
  status: number
  body: unknown
}

function commandLine({ stateDir, collectors = ['c1', 'c2'], args = [] }: BrokerProcessOptions): string[] {
  const directory = temporaryDirectory()
  const config = join(directory, 'broker.yaml')
  writeFileSync(join(directory, 'password'), `${PASSWORD}\n`)
  writeFileSync(config, `broker:\n  passwordFile: ${join(directory, 'password')}\n  dashboardUrl: http://page/#/main\n`)
  const options = ['--broker-host', '127.0.0.1', '--broker-port', '0', '--state-dir', stateDir]
  return ['broker', '--config', config, ...options, '--collectors', collectors.join(','), ...args]
}

/** How a command that does not stay ends, with what it said. */
export async function brokerEnds(options: BrokerProcessOptions): Promise<CollectorExit & { said: string }> {
  return ended(run(commandLine(options), false))
}

export async function ended(child: Child): Promise<CollectorExit & { said: string }> {
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [code, signal] = await once(child, 'close')
  return { code, signal, said }
}

export class BrokerProcess {
  readonly exited: Promise<CollectorExit>
  private readonly agent = new Agent({ keepAlive: true })
  private readonly killAtExit = (): void => void this.child.kill('SIGKILL')

  private constructor(
    private readonly child: Child,
    readonly port: number,
    readonly ready: string,
  ) {
    process.on('exit', this.killAtExit)
    this.exited = once(child, 'exit').then(([code, signal]) => {
      process.off('exit', this.killAtExit)
      this.agent.destroy()
      return { code, signal }
    })
  }

  /** Resolves at READY. */
  static async start(options: BrokerProcessOptions): Promise<BrokerProcess> {
    const child = run(commandLine(options), false)
    let said = ''
    createInterface({ input: child.stderr }).on('line', (line) => (said += `${line}\n`))
    const ready = await Promise.race([readyLine(child), once(child, 'exit')])
    if (typeof ready !== 'string') throw new Error(`no READY: ${said}`)
    return new BrokerProcess(child, Number(/ broker=(\d+)/.exec(ready)?.[1]), ready)
  }

  /** One call of the platform; rejects when the broker dies meanwhile. */
  call({ method, path, body, headers }: Call): Promise<HttpAnswer> {
    const sent = platformHeaders(body !== undefined, { authorization: AUTHORIZATION, ...headers })
    return new Promise((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port: this.port, method, path, headers: sent, agent: this.agent })
      outgoing.on('error', reject)
      outgoing.on('response', (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (text += chunk))
        response.on('error', reject)
        response.on('aborted', () => reject(new Error('aborted')))
        response.on('end', () => {
          const isJson = String(response.headers['content-type']).startsWith('application/json')
          resolve({ status: response.statusCode ?? 0, body: isJson ? JSON.parse(text) : text })
        })
      })
      outgoing.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }

  stop(): Promise<CollectorExit> {
    this.child.kill('SIGTERM')
    return this.exited
  }

  kill(): Promise<CollectorExit> {
    this.child.kill('SIGKILL')
    return this.exited
  }
}
