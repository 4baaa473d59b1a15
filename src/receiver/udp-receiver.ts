import type { RemoteInfo } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { DgramAsPromised, type SocketAsPromised } from 'dgram-as-promised'
import type { Accounting } from '../accounting.js'
import { listenError } from '../listen-error.js'
import type { LimitedWarn } from '../log.js'
import { plainAddress } from './address.js'
import { isNetworkCheck, NETWORK_CHECK, NETWORK_CHECK_ANSWER } from './network-check.js'
import { setReading } from './socket-reading.js'

export interface UdpReceiverOptions {
  name: 'stat' | 'span'
  host: string
  /** 0: any free one */
  port: number
  /** asked of the kernel, which may give less */
  receiveBufferBytes: number
  /** senders that are load balancer probes */
  loadBalancerIps: ReadonlySet<string>
}

/** Takes one datagram that is not empty and no network check. It may keep no reference to it. */
export type DatagramHandler = (datagram: Buffer, remote: RemoteInfo) => void

/** One UDP port: counts, answers network checks, passes the rest on. */
export class UdpReceiver {
  private socket: SocketAsPromised | null = null
  /** bytes that the kernel gave, as it counts them (twice the payload on Linux) */
  receiveBufferBytes = 0
  /** false: what comes is left to the other processes that have the socket */
  reading = false

  constructor(
    private readonly options: UdpReceiverOptions,
    private readonly handler: DatagramHandler,
    private readonly accounting: Accounting,
    private readonly warn: LimitedWarn,
  ) {}

  /** @returns the port bound */
  async start(): Promise<number> {
    const { host, port, name } = this.options
    const socket = DgramAsPromised.createSocket(isIPv6(host) ? 'udp6' : 'udp4', (datagram, remote) =>
      this.receive(datagram, remote),
    )
    this.socket = socket
    const address = await socket.bind({ port, address: host }).catch((error: unknown) => {
      throw listenError(error, 'UDP', host, port, `${name}.port`)
    })
    // a failing answer must not end the process
    socket.socket.on('error', (error) => this.warn(`udp ${name}`, `UDP socket ${name}: ${error.message}`))
    this.askForBuffer(socket)
    this.reading = true
    return address.port
  }

  read(on: boolean): void {
    if (this.socket !== null && setReading(this.socket.socket, on)) this.reading = on
  }

  private askForBuffer(socket: SocketAsPromised): void {
    const wanted = this.options.receiveBufferBytes
    socket.setRecvBufferSize(wanted)
    this.receiveBufferBytes = socket.getRecvBufferSize()
    // Linux gives double of what is asked, up to double of net.core.rmem_max
    const given = process.platform === 'linux' ? this.receiveBufferBytes / 2 : this.receiveBufferBytes
    if (given < wanted) {
      this.warn(
        `udp buffer ${this.options.name}`,
        `the UDP receive buffer of the ${this.options.name} port has ${given} bytes instead of ${wanted}, so bursts may be lost: run sysctl -w net.core.rmem_max=${wanted} and start the collector again`,
      )
    }
  }

  private receive(datagram: Buffer, remote: RemoteInfo): void {
    const { accounting, options } = this
    accounting.packets[options.name]++
    if (options.loadBalancerIps.size > 0 && options.loadBalancerIps.has(plainAddress(remote.address))) {
      accounting.drop('loadBalancer')
    } else if (datagram.length === 0) {
      accounting.drop('emptyDatagram')
    } else if (datagram.length === NETWORK_CHECK.length && isNetworkCheck(datagram)) {
      this.answerCheck(remote)
    } else {
      this.handler(datagram, remote)
    }
  }

  private answerCheck(remote: RemoteInfo): void {
    this.accounting.networkChecks++
    // nobody can be answered at port 0, and send() throws
    if (remote.port === 0) return
    this.socket?.socket.send(NETWORK_CHECK_ANSWER, remote.port, remote.address)
  }

  /** Reads what the kernel still holds, then stops receiving. */
  async close(): Promise<void> {
    const { socket } = this
    if (socket === null) return
    let before = -1
    for (let round = 0; round < MAX_DRAIN_ROUNDS && before !== this.accounting.packets[this.options.name]; round++) {
      before = this.accounting.packets[this.options.name]
      await setTimeout(DRAIN_ROUND_MS)
      // a timer that is late comes before the sockets are read again
      await setImmediate()
    }
    this.socket = null
    await socket.close()
  }
}

/** While closing: how long without a datagram means that the kernel's buffer is empty, and how often that is tried. */
const DRAIN_ROUND_MS = 10
const MAX_DRAIN_ROUNDS = 50
