import { isIPv6 } from 'node:net'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { DgramAsPromised, type SocketAsPromised } from 'dgram-as-promised'
import type { Accounting } from '../accounting.js'
import { listenError } from '../listen-error.js'
import type { LimitedWarn } from '../log.js'
import { plainAddress } from './address.js'
import type { DatagramBatch, DatagramSender } from './datagram-batch.js'
import { DatagramReader, type TakeDatagram } from './datagram-reader.js'
import { isNetworkCheck, NETWORK_CHECK, NETWORK_CHECK_ANSWER } from './network-check.js'

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

/** One UDP port: counts, answers network checks, passes the rest on. */
export class UdpReceiver {
  private socket: SocketAsPromised | null = null
  private reader: DatagramReader | null = null
  /** bytes that the kernel gave, as it counts them (twice the payload on Linux) */
  receiveBufferBytes = 0

  /** @param handler is given datagrams that are not empty and no network checks */
  constructor(
    private readonly options: UdpReceiverOptions,
    private readonly handler: TakeDatagram,
    private readonly accounting: Accounting,
    private readonly warn: LimitedWarn,
  ) {}

  /** @param batch for this and other ports of the process @returns the port bound */
  async start(batch: DatagramBatch): Promise<number> {
    const { host, port, name } = this.options
    const socket = DgramAsPromised.createSocket(isIPv6(host) ? 'udp6' : 'udp4')
    this.socket = socket
    const reader = new DatagramReader(
      socket.socket,
      batch,
      (bytes, at, end, from) => this.take(bytes, at, end, from),
      (why) =>
        this.warn(
          `udp reading ${name}`,
          `datagrams of the ${name} port are read one by one from now on, which takes more CPU: reading many at once failed with ${why}; please report it`,
        ),
    )
    this.reader = reader
    const address = await socket.bind({ port, address: host }).catch((error: unknown) => {
      throw listenError(error, 'UDP', host, port, `${name}.port`)
    })
    // a failing answer must not end the process
    socket.socket.on('error', (error) => this.warn(`udp ${name}`, `UDP socket ${name}: ${error.message}`))
    this.askForBuffer(socket)
    reader.begin(this.receiveBufferBytes)
    return address.port
  }

  /** false: what comes is left to the other processes that have the socket */
  get reading(): boolean {
    return this.reader?.reading ?? false
  }

  read(on: boolean): void {
    this.reader?.read(on)
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

  private take(bytes: Buffer, at: number, end: number, from: DatagramSender): void {
    const { accounting, options } = this
    accounting.packets[options.name]++
    if (options.loadBalancerIps.size > 0 && options.loadBalancerIps.has(plainAddress(from.address))) {
      accounting.drop('loadBalancer')
    } else if (end === at) {
      accounting.drop('emptyDatagram')
    } else if (end - at === NETWORK_CHECK.length && isNetworkCheck(bytes, at)) {
      this.answerCheck(from)
    } else {
      this.handler(bytes, at, end, from)
    }
  }

  private answerCheck({ address, port }: DatagramSender): void {
    this.accounting.networkChecks++
    // nobody can be answered at port 0, and send() throws
    if (port === 0) return
    this.socket?.socket.send(NETWORK_CHECK_ANSWER, port, address)
  }

  /** Reads what the kernel still holds, then stops receiving. */
  async close(): Promise<void> {
    const { socket } = this
    if (socket === null) return
    this.reader?.leaveClock()
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
