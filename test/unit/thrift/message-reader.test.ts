import t from 'tap'
import { CompactReader } from '../../../src/thrift/compact-reader.js'
import { readHeader } from '../../../src/thrift/header.js'
import { MessageReader, messageTypeOf } from '../../../src/thrift/message-reader.js'
import { MESSAGE_TYPES } from '../../../src/thrift/message-type.js'
import { recorded, vectors } from '../../builders/thrift-fixtures.js'
import { TYPE_CODES } from '../../builders/thrift-idl.js'
import { type Message, snapshot } from '../../builders/thrift-snapshot.js'

const MEMBERS: (keyof MessageReader)[] = [
  'span',
  'spanChunk',
  'agentStat',
  'agentStatBatch',
  'agentInfo',
  'apiMetadata',
  'sqlMetadata',
  'stringMetadata',
]

t.test('header codes have the kind that the accounting counts', async (t) => {
  for (const [i, name] of MESSAGE_TYPES.slice(0, -1).entries()) t.equal(messageTypeOf(TYPE_CODES[name]), i, name)
  for (const code of [10, 80, 320, 400]) t.equal(messageTypeOf(code), -1, `${code} is taken by no port`)
  for (const code of [0, 41, 700, 710, 65535]) t.equal(messageTypeOf(code), -2, `${code} is no message`)
})

t.test(
  'messages of all kinds in a row are read into the object of their kind, with their agent and application',
  async (t) => {
    const r = new CompactReader()
    const messages = new MessageReader()
    const seen = new Set<number>()
    for (const m of [...recorded(), ...vectors()]) {
      const kind = messageTypeOf(m.type)
      if (kind < 0) continue
      seen.add(kind)
      r.reset(m.bytes, 0, m.bytes.length)
      readHeader(r)
      messages.read(r, kind)
      t.strictSame(snapshot(m.message, messages[MEMBERS[kind]] as Message, m.bytes), m.body, m.name)
      const text = (at: number, length: number): unknown =>
        length < 0 ? undefined : m.bytes.toString('utf8', at, at + length)
      t.equal(text(messages.agentAt, messages.agentLen), m.body.agentId, `${m.name}: agent`)
      t.equal(text(messages.nameAt, messages.nameLen), m.body.applicationName, `${m.name}: application`)
    }
    t.equal(seen.size, MEMBERS.length)
  },
)
