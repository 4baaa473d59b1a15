import type { AgentStateEvent, AgentStateName } from '../receiver/tcp-handler.js'
import { type AgentRun, appendEvent, appendLifecycle } from '../row/agent-lifecycle.js'
import type { MapContext } from './context.js'

// What a socket state change or ping writes (spec: wire.md §5.7, storage.md §7.3).

/** Counter of a state that ends a connection: sorts before all pings. */
const CLOSED = 0x7fffffff
const NO_BODY = Buffer.alloc(0)

const RUNNING = 100
const SHUTDOWN = 200
const UNEXPECTED_SHUTDOWN = 201
const DISCONNECTED = 300

const KINDS = {
  connected: { state: RUNNING, code: 10100, counter: 0 },
  ping: { state: RUNNING, code: 10199, counter: -1 },
  shutdown: { state: SHUTDOWN, code: 10200, counter: CLOSED },
  unexpected_shutdown: { state: UNEXPECTED_SHUTDOWN, code: 10201, counter: CLOSED },
  closed_by_server: { state: DISCONNECTED, code: 10300, counter: CLOSED },
  unexpected_close_by_server: { state: DISCONNECTED, code: 10301, counter: CLOSED },
} satisfies Record<AgentStateName, { state: number; code: number; counter: number }>

/** Socket state → AgentLifeCycle (not without a socket id, nor for a negative ping id) and AgentEvent. */
export function mapAgentState({ rows }: MapContext, event: AgentStateEvent): void {
  const kind = KINDS[event.event]
  const run: AgentRun = {
    agentId: Buffer.from(event.agentId),
    startHi: Number(BigInt.asIntN(32, event.startTimestamp >> 32n)),
    startLo: Number(BigInt.asIntN(32, event.startTimestamp)),
  }
  const counter = kind.counter < 0 ? event.pingId : kind.counter
  if (event.socketId !== undefined && counter >= 0) {
    appendLifecycle(rows, run, event.timestamp, event.socketId, counter, kind.state)
  }
  appendEvent(rows, run, event.timestamp, kind.code, NO_BODY)
}
