import type { Test } from 'tap'
import { AgentService } from '../../src/agent-service.js'
import type { TcpConnection } from '../../src/receiver/tcp-connection.js'
import { pipeline, type TestPipeline } from './pipeline.js'
import { STRING } from './pipeline-messages.js'
import { type Gate, gate } from './pipeline-store.js'
import { encodeMessage } from './thrift-encode.js'

export const ACK_TIMEOUT_MS = 1000
export const SUCCESS = encodeMessage('TResult', { success: true })
export const METADATA = encodeMessage('TStringMetaData', STRING)

/** What one agent is answered. */
export class FakeConnection {
  readonly remoteAddress = '192.0.2.1'
  readonly answers: [number, Buffer][] = []
  readonly discarded: number[] = []

  respond(requestId: number, payload: Buffer): void {
    this.answers.push([requestId, payload])
  }

  discard(requestId: number): void {
    this.discarded.push(requestId)
  }

  get answered(): number[] {
    return this.answers.map(([requestId]) => requestId)
  }
}

export interface Serving {
  p: TestPipeline
  service: AgentService
  agent: FakeConnection
  request(requestId: number, payload?: Buffer): void
  /** lets time pass, and the service look at it */
  advance(ms: number): void
  intervals: number[]
}

/** An agent service over a pipeline, with the time in the hands of the test. */
export function serving(t: Test, ackTimeoutMs = ACK_TIMEOUT_MS): Serving {
  const ticks: (() => void)[] = []
  const intervals: number[] = []
  t.intercept(globalThis, 'setInterval', {
    value: (tick: () => void, ms: number) => {
      ticks.push(tick)
      intervals.push(ms)
      return 0
    },
  })
  const p = pipeline({ flushIntervalMs: 3_600_000 })
  const agent = new FakeConnection()
  const connection = agent as unknown as TcpConnection
  let time = 0
  const service = new AgentService(p.dispatcher, ackTimeoutMs, () => time)
  service.start()
  return {
    p,
    service,
    agent,
    request: (requestId, payload = METADATA) => service.request(connection, requestId, payload),
    advance: (ms) => {
      time += ms
      for (const tick of ticks) tick()
    },
    intervals,
  }
}

/** Gates that the calls of put() wait at, in their order. */
export function gates(p: TestPipeline): Gate[] {
  const all: Gate[] = []
  p.store.onPut = () => {
    const next = gate()
    all.push(next)
    return next.passed
  }
  return all
}
