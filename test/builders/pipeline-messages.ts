import type { Plain } from './thrift-idl.js'

// The messages of which storage-appendix-a.txt lists the cells (spec: storage.md §1, §4.1, §4.2, §6.4, §7).

export const AGENT_START = 1499999000000
/** accept time of the collector */
export const ACCEPTED = 1500000012345
export const SLOT = 1500000000000

export const ROOT_SPAN_ID = '1234605616436508552' // 1122334455667788
export const BACK_SPAN_ID = '72623859790382856' // 0102030405060708
/** sequence 42 of the agent that is named by the span */
export const TRANSACTION: Plain = { $hex: '0001c0aba1f7d32b2a' }
/** the same, and front-1 by name */
export const FRONT_TRANSACTION: Plain = { $hex: '000e66726f6e742d31c0aba1f7d32b2a' }

export const METHOD_EVENT: Plain = {
  sequence: 0,
  startElapsed: 1,
  endElapsed: 1200,
  serviceType: 1011,
  depth: 1,
  apiId: 3,
}

export const MYSQL_EVENT: Plain = {
  sequence: 1,
  startElapsed: 5,
  endElapsed: 350,
  serviceType: 2101,
  endPoint: 'db:3306',
  annotations: [{ key: 20, value: { intStringStringValue: { intValue: 9, stringValue1: '1,2' } } }],
  depth: 2,
  destinationId: 'test',
  apiId: -4,
}

export const HTTP_EVENT: Plain = {
  sequence: 2,
  startElapsed: 10,
  endElapsed: 400,
  rpc: 'http://b/x',
  serviceType: 9052,
  nextSpanId: BACK_SPAN_ID,
  destinationId: 'b:80',
  exceptionInfo: { intValue: 6 },
  nextAsyncId: 3,
}

export const ROOT_SPAN: Plain = {
  agentId: 'front-1',
  applicationName: 'FRONT',
  agentStartTime: AGENT_START,
  transactionId: TRANSACTION,
  spanId: ROOT_SPAN_ID,
  startTime: 1500000012000,
  elapsed: 1234,
  rpc: '/a',
  serviceType: 1010,
  endPoint: 'h:8080',
  remoteAddr: '10.0.0.9',
  annotations: [
    { key: 40, value: { stringValue: '/a?x=1' } },
    { key: 46, value: { intValue: 500 } },
  ],
  err: 1,
  spanEventList: [METHOD_EVENT, MYSQL_EVENT, HTTP_EVENT],
  apiId: 7,
  exceptionInfo: { intValue: 5, stringValue: 'boom' },
  applicationServiceType: 1010,
}

/** The minimal child span. */
export const CHILD_SPAN: Plain = {
  agentId: 'back-1',
  applicationName: 'BACK',
  agentStartTime: AGENT_START + 1,
  transactionId: FRONT_TRANSACTION,
  spanId: BACK_SPAN_ID,
  parentSpanId: ROOT_SPAN_ID,
  startTime: 1500000012100,
  elapsed: 300,
  serviceType: 1010,
}

export const BACK_SPAN: Plain = {
  ...CHILD_SPAN,
  parentApplicationName: 'FRONT',
  parentApplicationType: 1010,
  acceptorHost: 'b:80',
}

export const UNKNOWN_TYPES_SPAN: Plain = {
  ...CHILD_SPAN,
  spanId: 2,
  serviceType: 1999,
  err: 1,
  elapsed: 6000,
  acceptorHost: 'x',
  parentApplicationName: 'FRONT',
  parentApplicationType: 1998,
}

/** Its first event has no destination. */
export const NO_DESTINATION_SPAN: Plain = {
  ...CHILD_SPAN,
  spanId: 1,
  spanEventList: [{ sequence: 0, startElapsed: 0, serviceType: 9052 }, MYSQL_EVENT],
}

export const ASYNC_EVENT: Plain = {
  sequence: 0,
  startElapsed: 0,
  endElapsed: 50,
  serviceType: 8051,
  endPoint: 'm:11211',
  depth: 1,
  destinationId: 'memc',
  asyncId: 3,
  asyncSequence: 1,
}

export const CHUNK: Plain = {
  agentId: 'front-1',
  applicationName: 'FRONT',
  agentStartTime: AGENT_START,
  serviceType: 1010,
  transactionId: TRANSACTION,
  spanId: ROOT_SPAN_ID,
  endPoint: 'h:8080',
  spanEventList: [ASYNC_EVENT],
}

export const AGENT_INFO: Plain = {
  hostname: 'host',
  ip: '10.0.0.1',
  ports: '8080',
  agentId: 'front-1',
  applicationName: 'FRONT',
  serviceType: 1010,
  pid: 4321,
  agentVersion: '1.5.2',
  vmVersion: '1.8.0_40',
  startTimestamp: AGENT_START,
  serverMetaData: {
    serverInfo: 'Tomcat/8',
    vmArgs: ['-Xmx1g'],
    serviceInfos: [{ serviceName: '/app', serviceLibs: ['a.jar'] }],
  },
  jvmInfo: { version: 0, vmVersion: '1.8.0_40', gcType: 3 },
}

export const SMALL_AGENT_INFO: Plain = {
  agentId: 'front-1',
  applicationName: 'FRONT',
  startTimestamp: AGENT_START,
  serverMetaData: {},
  jvmInfo: {},
}

export const AGENT_STAT: Plain = {
  agentId: 'front-1',
  startTimestamp: AGENT_START,
  timestamp: 1500000010000,
  collectInterval: 5000,
  gc: {
    type: 2,
    jvmMemoryHeapUsed: 1000000,
    jvmMemoryHeapMax: 2000000,
    jvmMemoryNonHeapUsed: 300000,
    jvmMemoryNonHeapMax: -1,
    jvmGcOldCount: 3,
    jvmGcOldTime: 250,
  },
  cpuLoad: { jvmCpuLoad: 0.25, systemCpuLoad: 0.5 },
  transaction: { sampledNewCount: 1, unsampledNewCount: 2 },
  activeTrace: { histogram: { version: 0, histogramSchemaType: 2, activeTraceCount: [1, 0, 200, 3] } },
}

export const SMALL_AGENT_STAT: Plain = { agentId: 'front-1', timestamp: 1500000010000 }

const RUN: Plain = { agentId: 'front-1', agentStartTime: AGENT_START }
export const API: Plain = { ...RUN, apiId: 7, apiInfo: 'com.Foo.bar(int a)', line: 12 }
export const TAG_API: Plain = { ...RUN, apiId: -8, apiInfo: 'Tomcat Servlet Process', type: 1 }
export const SQL: Plain = { ...RUN, sqlId: 9, sql: 'select 0#' }
export const STRING: Plain = { ...RUN, stringId: 5, stringValue: 'java.lang.RuntimeException' }
