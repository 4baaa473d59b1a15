/** Every way a message can be lost: label pair of pinpoint_dropped_total, its cause, and what to do about it. */
export interface DropReason {
  stage: 'kernel' | 'receive' | 'decode' | 'dispatch' | 'map' | 'queue' | 'store' | 'worker'
  reason: string
  cause: string
  cure: string
}

function drop(stage: DropReason['stage'], reason: string, cause: string, cure: string): DropReason {
  return { stage, reason, cause, cure }
}

export const DROPS = {
  kernelBufferFull: drop(
    'kernel',
    'receive_buffer',
    'Datagrams came faster than they were read and the UDP receive buffer was full.',
    'Raise net.core.rmem_max to 4194304 or more, give the collector more workers, or add a collector.',
  ),
  emptyDatagram: drop(
    'receive',
    'empty_datagram',
    'A UDP datagram without a byte.',
    'Nothing; look for a port scanner or a load balancer probe if there are many.',
  ),
  loadBalancer: drop(
    'receive',
    'load_balancer',
    'The sender is listed in collector.l4.ip: a load balancer probe.',
    'Nothing; take the address out of collector.l4.ip if agents send from it.',
  ),
  badFrame: drop(
    'receive',
    'bad_frame',
    'A TCP packet type that no agent sends; the connection was closed.',
    'See the log for the address; something other than an agent talks to the TCP port.',
  ),
  payloadTooLarge: drop(
    'receive',
    'payload_too_large',
    'A TCP packet announced more bytes than tcp.maxPayloadBytes; the connection was closed.',
    'Raise tcp.maxPayloadBytes if the sender is an agent with very long SQL texts.',
  ),
  cutOff: drop(
    'receive',
    'cut_off',
    'A TCP connection ended in the middle of a packet.',
    'Nothing if the agent was killed; else look at the network between it and the collector.',
  ),
  closing: drop(
    'receive',
    'closing',
    'A message over a connection that is being closed, by the agent or because the collector stops.',
    'Nothing; a 1.6 or later agent sends metadata again.',
  ),
  badHandshake: drop(
    'receive',
    'bad_handshake',
    'A handshake without the required properties; it was answered with a property error.',
    'See the log for the address and what was missing; the sender is no agent.',
  ),
  slowPeer: drop(
    'receive',
    'slow_peer',
    'A connection left a packet unfinished for too long, or did not read its answers; it was closed.',
    'Look at the network between that agent and the collector.',
  ),
  badSignature: drop(
    'decode',
    'bad_signature',
    'The message does not begin with a Thrift header (ef 10 or ef 20).',
    'See the log for the address; something other than an agent sends to this port.',
  ),
  truncated: drop(
    'decode',
    'truncated',
    'The message ends in the middle of a field.',
    'Look for an MTU or fragment problem between the agent and the collector.',
  ),
  malformed: drop(
    'decode',
    'malformed',
    'A field breaks the compact protocol: bad type, size, or number.',
    'See the log for the agent address and the field.',
  ),
  tooDeep: drop(
    'decode',
    'too_deep',
    'Structs nested deeper than any message of an agent.',
    'See the log for the address; the sender is not an agent.',
  ),
  unknownType: drop(
    'dispatch',
    'unknown_type',
    'A Thrift type code that the collector does not know.',
    'Check the agent version: 1.5 to 2.x in Thrift mode are served.',
  ),
  unsupportedType: drop(
    'dispatch',
    'unsupported_type',
    'A known type that this port does not take.',
    'Check that profiler.collector.span.port, .stat.port and .tcp.port are not mixed up in pinpoint.config.',
  ),
  badTransactionId: drop(
    'map',
    'bad_transaction_id',
    'The transaction id of a span cannot be read, so it has no row.',
    'See the log for the agent; the agent or something on the way corrupts spans.',
  ),
  nameTooLong: drop(
    'map',
    'name_too_long',
    'An agent id or application name of more than 24 bytes.',
    'Shorten pinpoint.agentId or pinpoint.applicationName of that agent.',
  ),
  missingField: drop(
    'map',
    'missing_field',
    'A field that the row cannot be made without is absent.',
    'See the log for the agent and the field.',
  ),
  badStat: drop(
    'map',
    'bad_stat',
    'A statistics sample that the table cannot hold, such as an active trace histogram that has not four counts.',
    'See the log for the agent; update it.',
  ),
  badJvmInfo: drop(
    'map',
    'bad_jvm_info',
    'Agent information with a JVM part of a version that the table cannot hold.',
    'See the log for the agent; update it.',
  ),
  tooLong: drop('map', 'too_long', 'A value longer than the table allows.', 'See the log for the agent and the field.'),
  tooLarge: drop(
    'map',
    'too_large',
    'The rows of one message are larger than batch.maxMessageBytes.',
    'Raise batch.maxMessageBytes if the agent really sends such traces.',
  ),
  empty: drop(
    'map',
    'empty',
    'A message that carries nothing to store, such as a span chunk without events.',
    'Nothing.',
  ),
  internal: drop('map', 'internal', 'A defect of the collector stopped the message.', 'Report it with the log line.'),
  queueFull: drop(
    'queue',
    'full',
    'The store is slower than the agents and batch.maxQueueBytes is used up.',
    'Look at pinpoint_store_write_seconds and the health page; give the store more room, or add a collector.',
  ),
  storeRefused: drop(
    'store',
    'refused',
    'The store will never take this row.',
    'See the log for the table and the reason.',
  ),
  storeFull: drop(
    'store',
    'full',
    'The disk or the size limit of the embedded store is used up.',
    'Free disk space, raise --max-size, or lower the TTL of Traces.',
  ),
  storeFailed: drop(
    'store',
    'failed',
    'The store failed until the collector had to stop.',
    'Look at the health page; start the store before the collector is stopped.',
  ),
  spillFull: drop(
    'store',
    'spill_full',
    'The store was away for so long that spill.maxBytes was used up: the oldest rows on disk made room.',
    'Bring the store back; raise spill.maxBytes for longer outages.',
  ),
  spillDamaged: drop(
    'store',
    'spill_damaged',
    'A file of the spill cannot be read back: its checksum is wrong.',
    'Look at the disk of spill.dir, and at the log of the kernel.',
  ),
  workerDied: drop(
    'worker',
    'died',
    'A worker process ended with messages that were not yet stored.',
    'See the log for the exit code or signal; report it.',
  ),
} satisfies Record<string, DropReason>

/** What a message was dropped for. */
export type DropName = keyof typeof DROPS

export const DROP_NAMES = Object.keys(DROPS) as DropName[]
