import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { FrameSplitter } from '../../src/store/hbase/frame-splitter.js'
import { decode, decodeDelimited, encodeDelimited, type RequestHeader } from './hbase-proto.js'

export interface FakeCall {
  method: string
  header: RequestHeader
  param: Buffer
  cells: Buffer
}

export interface FakeAnswer {
  param?: Buffer
  cells?: Buffer
  /** Java class of a failure of the whole call */
  exception?: { exceptionClassName: string; stackTrace: string; doNotRetry?: boolean }
  /** the connection is cut instead of an answer */
  cut?: boolean
  /** no answer at all */
  silent?: boolean
}

const PREAMBLE = '48426173' + '00' + '50'

/** One region server: real frames on a real socket, answers by a function. */
export class FakeRegionServer {
  readonly connectionHeaders: unknown[] = []
  readonly sockets = new Set<Socket>()
  private readonly server: Server
  port = 0

  constructor(private readonly handle: (call: FakeCall) => FakeAnswer | Promise<FakeAnswer>) {
    this.server = createServer((socket) => this.accept(socket))
  }

  async start(port = 0): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve))
    this.port = (this.server.address() as AddressInfo).port
  }

  stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    return new Promise((resolve) => this.server.close(() => resolve()))
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket)
    socket.on('close', () => this.sockets.delete(socket))
    socket.on('error', () => {})
    let preamble = Buffer.alloc(0)
    let greeted = false
    const splitter = new FrameSplitter(64e6, (frame) => {
      if (greeted) void this.answer(socket, frame)
      else this.connectionHeaders.push(decode('ConnectionHeader', frame))
      greeted = true
    })
    socket.on('data', (chunk: Buffer) => {
      const missing = PREAMBLE.length / 2 - preamble.length
      if (missing > 0) {
        preamble = Buffer.concat([preamble, chunk.subarray(0, missing)])
        if (preamble.length * 2 === PREAMBLE.length && preamble.toString('hex') !== PREAMBLE) socket.destroy()
        chunk = chunk.subarray(missing)
      }
      if (chunk.length > 0) splitter.push(chunk)
    })
  }

  private async answer(socket: Socket, frame: Buffer): Promise<void> {
    const { message: header, rest } = decodeDelimited<RequestHeader>('RequestHeader', frame)
    const { param, cells } = splitParam(rest, header.cellBlockMeta?.length ?? 0)
    const answer = await this.handle({ method: header.methodName, header, param, cells })
    if (answer.cut) socket.destroy()
    if (answer.cut || answer.silent || socket.destroyed) return
    socket.write(answerFrame(header.callId, answer))
  }
}

function splitParam(rest: Buffer, cellBytes: number): { param: Buffer; cells: Buffer } {
  let at = 0
  while (rest[at++] > 127);
  const end = rest.length - cellBytes
  return { param: rest.subarray(at, end), cells: rest.subarray(end) }
}

function answerFrame(callId: number, { param, cells, exception }: FakeAnswer): Buffer {
  const meta = cells === undefined ? {} : { cellBlockMeta: { length: cells.length } }
  const header = encodeDelimited('ResponseHeader', { callId, ...meta, ...(exception && { exception }) })
  const parts = [header]
  if (param !== undefined) parts.push(encodeLength(param.length), param)
  if (cells !== undefined) parts.push(cells)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(parts.reduce((n, p) => n + p.length, 0))
  return Buffer.concat([length, ...parts])
}

function encodeLength(n: number): Buffer {
  const out: number[] = []
  while (n > 127) {
    out.push((n & 0x7f) | 0x80)
    n >>>= 7
  }
  return Buffer.from([...out, n])
}
