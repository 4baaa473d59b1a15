import { type ConnectionOptions, RpcConnection } from './rpc-connection.js'
import type { Service } from './rpc-frame.js'

/** One connection a server and service, made when it is asked for. */
export class ConnectionPool {
  private readonly connections = new Map<string, RpcConnection>()

  constructor(
    private readonly options: ConnectionOptions,
    private readonly onStall: (connection: RpcConnection) => void = () => {},
  ) {}

  get(host: string, port: number, service: Service = 'ClientService'): RpcConnection {
    const key = `${service} ${host}:${port}`
    const known = this.connections.get(key)
    if (known !== undefined) return known
    const made = new RpcConnection(host, port, service, this.options, this.onStall, (closed) => {
      if (this.connections.get(key) === closed) this.connections.delete(key)
    })
    this.connections.set(key, made)
    return made
  }

  get size(): number {
    return this.connections.size
  }

  close(): void {
    for (const connection of [...this.connections.values()]) connection.close('the store is closed')
  }
}
