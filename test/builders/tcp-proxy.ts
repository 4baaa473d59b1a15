import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** Passes bytes on to a server until it is told to cut. */
export class TcpProxy {
  private readonly server: Server
  private readonly pairs = new Set<[Socket, Socket]>()
  /** answers are held back, requests pass */
  muted = false
  port = 0

  constructor(host: string, port: number) {
    this.server = createServer((client) => {
      const upstream = connect({ host, port, noDelay: true })
      const pair: [Socket, Socket] = [client, upstream]
      this.pairs.add(pair)
      const end = (): void => {
        client.destroy()
        upstream.destroy()
        this.pairs.delete(pair)
      }
      client.on('data', (chunk) => upstream.write(chunk))
      upstream.on('data', (chunk) => {
        if (!this.muted) client.write(chunk)
      })
      for (const socket of pair) socket.on('error', end).on('close', end)
    })
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    this.port = (this.server.address() as AddressInfo).port
    return this
  }

  cut(): void {
    for (const [client, upstream] of [...this.pairs]) {
      client.destroy()
      upstream.destroy()
    }
  }

  stop(): Promise<void> {
    this.cut()
    return new Promise((resolve) => this.server.close(() => resolve()))
  }
}
