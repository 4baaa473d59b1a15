import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** An agent's side of a connection, as raw bytes. */
export class TcpClient {
  private received: Buffer = Buffer.alloc(0)
  private ended = false
  private wake: (() => void) | undefined

  private constructor(readonly socket: Socket) {
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk])
      this.wake?.()
    })
    for (const event of ['end', 'close']) {
      socket.on(event, () => {
        this.ended = true
        this.wake?.()
      })
    }
  }

  static async connect(port: number, allowHalfOpen = false): Promise<TcpClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen })
    const client = new TcpClient(socket)
    await once(socket, 'connect')
    return client
  }

  send(...frames: Buffer[]): void {
    this.socket.write(Buffer.concat(frames))
  }

  /** The next `size` bytes; fewer when the server closed before. */
  async take(size: number): Promise<Buffer> {
    while (this.received.length < size && !this.ended) await this.change()
    const taken = this.received.subarray(0, size)
    this.received = this.received.subarray(size)
    return taken
  }

  /** All bytes until the server's FIN or RST. */
  async takeAll(): Promise<Buffer> {
    while (!this.ended) await this.change()
    return this.take(this.received.length)
  }

  destroy(): void {
    this.socket.destroy()
  }

  private change(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve
    })
  }
}
