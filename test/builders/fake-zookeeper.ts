import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { FrameSplitter } from '../../src/store/hbase/frame-splitter.js'

const NO_NODE = -101

/** Answers getData for the nodes that are set. */
export class FakeZookeeper {
  readonly nodes = new Map<string, Buffer>()
  /** paths asked for */
  readonly reads: string[] = []
  private readonly server: Server
  private readonly sockets = new Set<Socket>()

  constructor() {
    this.server = createServer((socket) => {
      this.sockets.add(socket)
      socket.on('close', () => this.sockets.delete(socket))
      socket.on('error', () => {})
      let greeted = false
      const splitter = new FrameSplitter(1e6, (frame) => {
        socket.write(greeted ? this.answer(frame) : greeting())
        greeted = true
      })
      socket.on('data', (chunk: Buffer) => splitter.push(chunk))
    })
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    return new Promise((resolve) => this.server.close(() => resolve()))
  }

  private answer(request: Buffer): Buffer {
    const path = request.toString('utf8', 12, 12 + request.readInt32BE(8))
    this.reads.push(path)
    const node = this.nodes.get(path)
    const body = node ?? Buffer.alloc(0)
    const out = Buffer.alloc(4 + 16 + 4 + body.length)
    out.writeInt32BE(out.length - 4, 0)
    out.writeInt32BE(request.readInt32BE(0), 4)
    out.writeInt32BE(node === undefined ? NO_NODE : 0, 16)
    out.writeInt32BE(body.length, 20)
    body.copy(out, 24)
    return out
  }
}

function greeting(): Buffer {
  const out = Buffer.alloc(4 + 4 + 4 + 8 + 4 + 16 + 1)
  out.writeInt32BE(out.length - 4, 0)
  out.writeInt32BE(16, 20)
  return out
}
