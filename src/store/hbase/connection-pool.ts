import type { ServerAddress } from './cluster-location.js'
import { type ConnectionOptions, RpcConnection } from './rpc-connection.js'
import type { Service } from './rpc-frame.js'

/** One connection a server and service, made when it is asked for. */
export class ConnectionPool {
  private readonly connections = new Map<string, RpcConnection>()

  constructor(
    private readonly options: ConnectionOptions,
    private readonly isAlive: (connection: RpcConnection) => Promise<boolean> = async () => true,
  ) {}

  get(address: ServerAddress, service: Service = 'ClientService'): RpcConnection {
    const key = `${service} ${address.host}:${address.port}`
    const known = this.connections.get(key)
    if (known !== undefined) return known
    const isAlive = service === 'ClientService' ? this.isAlive : undefined
    const made = new RpcConnection(address, service, this.options, isAlive, (closed) => {
      if (this.connections.get(key) === closed) this.connections.delete(key)
    })
    this.connections.set(key, made)
    return made
  }

  /** Calls that wait for an answer, by "service host:port". */
  callsWaiting(): Record<string, number> {
    return Object.fromEntries([...this.connections].map(([key, connection]) => [key, connection.callsWaiting]))
  }

  close(): void {
    for (const connection of [...this.connections.values()]) connection.close('the store is closed')
  }
}
