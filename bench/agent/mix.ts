import { readFileSync } from 'node:fs'
import type { Plain } from '../../test/builders/thrift-idl.js'

// mix.json: what real agents send, as data. derive-mix.ts makes it of the recorded sessions in test/wire; nobody edits it.
// In a body these texts stand for what each agent, trace and moment has of its own:
//
//   @agent @application @start   id, application and start time of the agent that sends
//   @transaction                 the trace's id, without the agent (it is the sender's own)
//   @transaction-agent           the same, with the agent written out
//   @span0 @span1 …              the trace's spans
//   @time                        now, in ms

/** One datagram or request, with the name of its struct in the IDL. */
export interface MixMessage {
  message:
    | 'TSpan'
    | 'TSpanChunk'
    | 'TAgentStatBatch'
    | 'TAgentInfo'
    | 'TApiMetaData'
    | 'TSqlMetaData'
    | 'TStringMetaData'
  body: Plain
}

/** The datagrams of one trace from one agent, in the order in which they were sent. */
export interface MixTrace {
  /** how often the recordings have one of this shape */
  weight: number
  datagrams: MixMessage[]
}

/** What the mix is like; derived, and compared with what the simulated agents send in a test. */
export interface MixFigures {
  spans: number
  chunks: number
  /** bytes of a span or chunk on the wire, on average */
  meanBytes: number
  /** spans by number of events in their datagram */
  eventsOfSpans: Record<string, number>
  eventsOfChunks: Record<string, number>
  /** share of spans with err */
  spanErrorRate: number
  /** share of events with exceptionInfo */
  eventErrorRate: number
  /** share of events that call another server (nextSpanId) */
  rpcRate: number
}

export interface Mix {
  from: string[]
  figures: MixFigures
  traces: MixTrace[]
  /** one batch of six samples; sent every statPeriodSeconds */
  stats: MixMessage[]
  statPeriodSeconds: number
  /** what an agent sends over TCP after its handshake, and how often */
  requests: { message: MixMessage['message']; recorded: number; bodies: Plain[] }[]
}

/** dist/bench/agent → the package root */
const FILE = new URL('../../../bench/agent/mix.json', import.meta.url)

export function readMix(): Mix {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Mix
}
