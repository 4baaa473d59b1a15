import { connect } from 'node:net'
import { messageOf } from '../../errors.js'
import { CallFailure } from './call-failure.js'
import { FrameSplitter } from './frame-splitter.js'

// One node is read over one short connection, as HBase's own client does since 2.0. There is no session to lose and no
// watch to re-register: whoever finds that a server is not where it was reads again. That is all of ZooKeeper we need.
//
// connect => length:u32  version:i32=0  lastZxid:i64=0  timeoutMs:i32  session:i64=0  password:bytes(16)  readOnly:bool
// getData => length:u32  xid:i32  type:i32=4  path:string  watch:bool
// answers => length:u32  version … | xid:i32  zxid:i64  error:i32  data:bytes  stat       (string, bytes => n:i32 …)

const PASSWORD_BYTES = 16
const GET_DATA = 4
const READ_XID = 1
const REPLY_HEADER_BYTES = 16
const NO_NODE = -101
const MAX_NODE_BYTES = 1024 * 1024
const DEFAULT_PORT = 2181

export interface ZookeeperAddress {
  host: string
  port: number
}

/** "a,b:2182,[::1]:2181"; an HBase quorum may have one port behind its last host only, which then goes for all. */
export function parseQuorum(quorum: string): ZookeeperAddress[] {
  const parts = quorum
    .split(',')
    .map((p) => p.trim())
    .filter((p) => p !== '')
  const found = parts.map((p) => /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(p))
  const lastPort = found.at(-1)?.[3]
  return found.map((m, i) => {
    if (m === null)
      throw new CallFailure('permanent', 'bad_quorum', `"${parts[i]}" is no ZooKeeper address (host:port)`)
    return { host: m[1] ?? m[2], port: Number(m[3] ?? lastPort ?? DEFAULT_PORT) }
  })
}

function connectRequest(timeoutMs: number): Buffer {
  const b = Buffer.alloc(4 + 4 + 8 + 4 + 8 + 4 + PASSWORD_BYTES + 1)
  b.writeInt32BE(b.length - 4, 0)
  b.writeInt32BE(timeoutMs, 16)
  b.writeInt32BE(PASSWORD_BYTES, 28)
  return b
}

function getDataRequest(path: string): Buffer {
  const text = Buffer.from(path)
  const b = Buffer.alloc(4 + 4 + 4 + 4 + text.length + 1)
  b.writeInt32BE(b.length - 4, 0)
  b.writeInt32BE(READ_XID, 4)
  b.writeInt32BE(GET_DATA, 8)
  b.writeInt32BE(text.length, 12)
  text.copy(b, 16)
  return b
}

/** The content of a node from one server; null when there is no such node. */
function readFrom({ host, port }: ZookeeperAddress, path: string, timeoutMs: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true })
    const fail = (why: string): void => {
      clearTimeout(timer)
      socket.destroy()
      reject(new CallFailure('unsent', 'zookeeper_away', `ZooKeeper at ${host}:${port}: ${why}`))
    }
    const timer = setTimeout(() => fail('no answer in time'), timeoutMs)
    let greeted = false
    const splitter = new FrameSplitter(MAX_NODE_BYTES, (frame) => {
      if (!greeted) {
        greeted = true
        return
      }
      const error = frame.readInt32BE(REPLY_HEADER_BYTES - 4)
      if (error !== 0 && error !== NO_NODE) return fail(`error ${error} for ${path}`)
      clearTimeout(timer)
      socket.destroy()
      const at = REPLY_HEADER_BYTES + 4
      if (error === NO_NODE) resolve(null)
      else resolve(Buffer.from(frame.subarray(at, at + Math.max(0, frame.readInt32BE(REPLY_HEADER_BYTES)))))
    })
    socket.on('data', (chunk: Buffer) => {
      try {
        splitter.push(chunk)
      } catch (error) {
        fail(messageOf(error))
      }
    })
    socket.on('error', (error) => fail(messageOf(error)))
    socket.on('close', () => fail('closed the connection'))
    socket.write(connectRequest(timeoutMs))
    socket.write(getDataRequest(path))
  })
}

/** The content of a node from the first server that answers, tried in random order; null when there is no such node. */
export async function readNode(
  servers: readonly ZookeeperAddress[],
  path: string,
  timeoutMs: number,
): Promise<Buffer | null> {
  const order = servers.map((s) => ({ s, r: Math.random() })).sort((a, b) => a.r - b.r)
  let failure: unknown
  for (const { s } of order) {
    try {
      return await readFrom(s, path, timeoutMs)
    } catch (error) {
      failure = error
    }
  }
  throw failure ?? new CallFailure('permanent', 'bad_quorum', 'no ZooKeeper address is set')
}
