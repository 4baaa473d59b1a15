import { GIB, KIB, MIB } from '../quantity.js'
import { address, addresses, bytes, count, duration, port } from '../setting.js'

/** Settings of the three agent ports. */
export const RECEIVER_SETTINGS = {
  host: address('host', '0.0.0.0', {
    section: 'Receivers',
    help: 'Address that the three agent ports listen on.',
    option: '--host <address>',
    scope: ['start'],
    legacy: [
      'collector.tcpListenIp',
      'collector.udpStatListenIp',
      'collector.udpSpanListenIp',
      'collector.receiver.base.ip',
      'collector.receiver.stat.udp.ip',
      'collector.receiver.span.udp.ip',
    ],
  }),
  tcpPort: port('tcp.port', 29994, {
    section: 'Receivers',
    help: 'TCP port of agents: handshake, agent information, metadata (profiler.collector.tcp.port of the agent).',
    option: '--tcp-port <port>',
    scope: ['start', 'ports', 'broker'],
    legacy: ['collector.tcpListenPort', 'collector.receiver.base.port'],
    docker: ['COLLECTOR_TCP_PORT'],
  }),
  statPort: port('stat.port', 29995, {
    section: 'Receivers',
    help: 'UDP port for statistics (profiler.collector.stat.port of the agent).',
    option: '--stat-port <port>',
    scope: ['start', 'ports', 'broker'],
    legacy: ['collector.udpStatListenPort', 'collector.receiver.stat.udp.port'],
    docker: ['COLLECTOR_UDP_STAT_LISTEN_PORT'],
  }),
  spanPort: port('span.port', 29996, {
    section: 'Receivers',
    help: 'UDP port for spans (profiler.collector.span.port of the agent).',
    option: '--span-port <port>',
    scope: ['start', 'ports', 'broker'],
    legacy: ['collector.udpSpanListenPort', 'collector.receiver.span.udp.port'],
    docker: ['COLLECTOR_UDP_SPAN_LISTEN_PORT'],
  }),
  l4Ip: addresses('l4.ip', {
    section: 'Receivers',
    help: 'Addresses of load balancers, whose probes are ignored on all three ports.',
    legacy: ['collector.l4.ip'],
  }),
  udpReceiveBufferBytes: bytes('udp.receiveBufferBytes', 4 * MIB, {
    section: 'Receivers',
    min: 64 * KIB,
    max: GIB,
    help: 'Kernel receive buffer of each UDP socket; net.core.rmem_max must be as large.',
    legacy: [
      'collector.udpStatSocketReceiveBufferSize',
      'collector.udpSpanSocketReceiveBufferSize',
      'collector.receiver.stat.udp.receiveBufferSize',
      'collector.receiver.span.udp.receiveBufferSize',
    ],
  }),
  tcpMaxPayloadBytes: bytes('tcp.maxPayloadBytes', 16 * MIB, {
    section: 'Receivers',
    min: 64 * KIB,
    max: GIB,
    help: 'Largest TCP packet that is taken; a connection that announces more is closed.',
  }),
  tcpMaxConnections: count('tcp.maxConnections', 20_000, {
    section: 'Receivers',
    min: 1,
    max: 1_000_000,
    help: 'Most agent connections at a time, of each worker; more are closed at once.',
  }),
  tcpFrameTimeoutMs: duration('tcp.frameTimeoutMs', 30_000, {
    section: 'Receivers',
    min: 100,
    max: 3_600_000,
    help: 'Longest time that a connection may leave a packet unfinished.',
  }),
  tcpWriteLimitBytes: bytes('tcp.writeLimitBytes', MIB, {
    section: 'Receivers',
    min: 4 * KIB,
    max: GIB,
    help: 'Most bytes of answers that wait for a peer that does not read; then the connection is closed.',
  }),
  tcpMaxPendingRequests: count('tcp.maxPendingRequests', 256, {
    section: 'Receivers',
    min: 1,
    max: 1_000_000,
    help: 'Most requests of one connection that wait for their answer; the connection is not read meanwhile.',
  }),
  tcpPingIntervalMs: duration('tcp.pingIntervalMs', 300_000, {
    section: 'Receivers',
    min: 100,
    max: 86_400_000,
    help: 'Time between pings to each agent.',
    legacy: ['collector.receiver.base.ping.interval'],
  }),
  requestAckTimeoutMs: duration('requestAckTimeoutMs', 1000, {
    section: 'Receivers',
    min: 1,
    max: 60_000,
    help: 'Longest time that the answer to an agent request (agent information, metadata) waits for the store; agents give up after 3 s.',
  }),
}
