import { encodeMessage } from '../../test/builders/thrift-encode.js'
import type { Plain } from '../../test/builders/thrift-idl.js'
import type { Identity } from '../agent/identity.js'

// Requests that go through all applications: application n calls 2n+1 and 2n+2, so that one map shows them all.

const TOMCAT = 1010
const HTTP_CLIENT = 9052
const MYSQL = 2101

const hostOf = (application: number): string => `bench-${application}.example.org:8080`
const spanIdOf = (time: number, application: number): number => time * 100 + application

/** The spans of one such request. @param agents one of each application @param time ms */
export function callsThrough(agents: readonly Identity[], sequence: number, time: number): Buffer[] {
  const [first] = agents
  const agent = Buffer.from(first.agentId)
  const id = Buffer.concat([Buffer.of(0, agent.length * 2), agent, first.startPlain, varint(sequence)])
  return agents.map((own, n) => {
    const parent = Math.floor((n - 1) / 2)
    const called = [2 * n + 1, 2 * n + 2].filter((callee) => callee < agents.length)
    const calls = called.map((callee, i): Plain => {
      const nextSpanId = spanIdOf(time, callee)
      return {
        sequence: i,
        serviceType: HTTP_CLIENT,
        destinationId: hostOf(callee),
        nextSpanId,
        endElapsed: 20,
        depth: 1,
      }
    })
    const query = {
      sequence: called.length,
      serviceType: MYSQL,
      destinationId: 'bench',
      endPoint: 'db:3306',
      endElapsed: 3,
      depth: 1,
    }
    const from =
      n === 0
        ? {}
        : {
            parentSpanId: spanIdOf(time, parent),
            parentApplicationName: agents[parent].applicationName,
            parentApplicationType: TOMCAT,
            acceptorHost: hostOf(n),
          }
    return encodeMessage('TSpan', {
      agentId: own.agentId,
      applicationName: own.applicationName,
      agentStartTime: own.startTime,
      transactionId: { $hex: id.toString('hex') },
      spanId: spanIdOf(time, n),
      startTime: time,
      elapsed: 30 + n,
      rpc: '/through',
      serviceType: TOMCAT,
      endPoint: hostOf(n),
      ...from,
      spanEventList: [...calls, query],
    })
  })
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (; value > 0x7f; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80)
  return Buffer.from([...bytes, value])
}
