import { Collector, eventually, temporaryDirectory } from './collector.js'
import { replay } from './load.js'
import { AgentConnection } from './load-connection.js'
import { readSession } from './load-session.js'
import { UdpSender } from './load-udp.js'
import { handshake, request } from './tcp-packets.js'
import { encodeMessage } from './thrift-encode.js'

const PING_PAYLOAD = 211

/** What a hostile agent calls itself; 24 characters are allowed. */
export const HOSTILE_NAME = '<img src=x onerror=a()>'
export const HOSTILE_PATH = '/"><script>window.broken=1</script><svg onload=window.broken=1>'

/** A collector on the embedded store with its page. */
export interface Site {
  collector: Collector
  origin: string
  /** ms since 1970, before the first message */
  began: number
}

export async function openSite(): Promise<Site> {
  const began = Date.now()
  const collector = await Collector.start({ workers: 1, dataDir: temporaryDirectory() })
  return { collector, origin: `http://127.0.0.1:${collector.ports.http}`, began }
}

/** Recorded agents 1.5.2 and 1.8.5, sent until all of it is stored. */
export async function replayRecordings({ collector }: Site, udpRate?: number): Promise<void> {
  for (const version of ['1.5.2', '1.8.5'] as const) {
    await replay(readSession(version), collector.ports, {
      skip: [PING_PAYLOAD],
      ...(udpRate !== undefined && { udpRate }),
    })
  }
  await stored(collector)
}

/** An agent whose every text is an attempt to get markup into the page. */
export async function sendHostileAgent({ collector }: Site): Promise<void> {
  const agentStartTime = Date.now() - 60_000
  const run = { agentId: HOSTILE_NAME, agentStartTime }
  const connection = await AgentConnection.open(collector.ports.tcp)
  await connection.ask(
    handshake({ agentId: HOSTILE_NAME, applicationName: HOSTILE_NAME, startTimestamp: BigInt(agentStartTime) }),
  )
  const info = {
    agentId: HOSTILE_NAME,
    applicationName: HOSTILE_NAME,
    hostname: HOSTILE_PATH,
    ip: HOSTILE_PATH,
    ports: '',
    serviceType: 1010,
    startTimestamp: agentStartTime,
    pid: 1,
    agentVersion: HOSTILE_PATH,
    vmVersion: HOSTILE_PATH,
  }
  await connection.ask(request(1, encodeMessage('TAgentInfo', info)))
  await connection.ask(
    request(2, encodeMessage('TApiMetaData', { ...run, apiId: 1, apiInfo: `Evil.${HOSTILE_PATH}()` })),
  )
  await connection.ask(request(3, encodeMessage('TSqlMetaData', { ...run, sqlId: 1, sql: HOSTILE_PATH })))
  const udp = new UdpSender(collector.ports.span)
  udp.send(
    encodeMessage('TSpan', {
      ...run,
      applicationName: HOSTILE_NAME,
      // version 0, no agent id: the sender's, start 1, sequence 1
      transactionId: { $hex: '00010101' },
      spanId: 1,
      startTime: Date.now(),
      elapsed: 100,
      rpc: HOSTILE_PATH,
      serviceType: 1010,
      endPoint: HOSTILE_PATH,
      remoteAddr: HOSTILE_PATH,
      apiId: 1,
      err: 1,
      exceptionInfo: { intValue: 1, stringValue: HOSTILE_PATH },
      spanEventList: [
        {
          sequence: 0,
          startElapsed: 1,
          endElapsed: 5,
          serviceType: 2101,
          depth: 1,
          apiId: 1,
          destinationId: HOSTILE_NAME,
          endPoint: HOSTILE_PATH,
          annotations: [{ key: 20, value: { intStringStringValue: { intValue: 1, stringValue2: HOSTILE_PATH } } }],
        },
      ],
    }),
  )
  await stored(collector)
  udp.close()
  await connection.end()
}

export const LOST_CHUNK_PATH = '/lost-chunk'
export const LOST_ROOT_PATH = '/lost-root'

/** Two transactions of an agent that packets were lost of: the second of three parts of one, the first span of the other. */
export async function sendDamagedTraces({ collector }: Site, applicationName: string, agentId: string): Promise<void> {
  const of = { agentId, agentStartTime: Date.now() - 600_000, applicationName, serviceType: 1010 }
  // long ago: nothing is waited for any more
  const span = { ...of, startTime: Date.now() - 120_000, elapsed: 100, endPoint: 'here:80', remoteAddr: '127.0.0.1' }
  const event = (sequence: number, depth: number): Record<string, number> => {
    return { sequence, depth, startElapsed: sequence, endElapsed: 1, serviceType: 5000 }
  }
  const chunked = { transactionId: { $hex: '00010101' }, spanId: 1 }
  const orphan = { transactionId: { $hex: '00010102' }, spanId: 2, parentSpanId: 77 }
  const udp = new UdpSender(collector.ports.span)
  for (const message of [
    encodeMessage('TSpan', { ...span, ...chunked, rpc: LOST_CHUNK_PATH, spanEventList: [event(0, 1)] }),
    encodeMessage('TSpanChunk', { ...of, ...chunked, spanEventList: [event(2, 3), event(3, 4)] }),
    encodeMessage('TSpan', { ...span, ...orphan, rpc: LOST_ROOT_PATH, spanEventList: [event(0, 1)] }),
  ]) {
    udp.send(message)
  }
  await stored(collector)
  udp.close()
}

/** All that was sent is in the tables, counts for the server map too. */
async function stored(collector: Collector): Promise<void> {
  // what the kernel still holds is not in flight yet
  await new Promise((resolve) => setTimeout(resolve, 500))
  const done = await eventually(async () => {
    const m = await collector.metrics()
    return m.inFlight() === 0 && m.countsPending() === 0
  })
  if (!done) throw new Error('what was sent is not stored after 20 s')
}
