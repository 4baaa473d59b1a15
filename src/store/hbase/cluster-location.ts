import { CallFailure } from './call-failure.js'
import { type Codec, masterNode, metaRegionServer, type ServerName, toNumber } from './proto.js'
import { parseQuorum, readNode, type ZookeeperAddress } from './zookeeper.js'

// node => ff  n:u32  id of the writer (n bytes)  "PBUF"  message

const MAGIC = 0xff
const PBUF = Buffer.from('PBUF')

/** The message in a node that HBase wrote; throws when it is none. */
export function decodeNode<T>(codec: Codec<T>, node: Buffer): T {
  const at = node.length > 5 && node[0] === MAGIC ? 5 + node.readUInt32BE(1) : 0
  const start = at + PBUF.length
  if (!node.subarray(at, start).equals(PBUF)) {
    throw new CallFailure(
      'permanent',
      'bad_znode',
      'a node of ZooKeeper is not written by HBase; check the znode parent',
    )
  }
  return codec.decode(node.subarray(start))
}

export interface ServerAddress {
  host: string
  port: number
  startCode: number
}

function address(name: ServerName): ServerAddress {
  return { host: name.hostName, port: name.port ?? 0, startCode: toNumber(name.startCode) }
}

/** Where the master and the server of hbase:meta are, read from ZooKeeper when it is not known. */
export class ClusterLocation {
  private readonly servers: ZookeeperAddress[]
  private meta: Promise<ServerAddress> | null = null

  constructor(
    quorum: string,
    private readonly znodeParent: string,
    private readonly timeoutMs: number,
  ) {
    this.servers = parseQuorum(quorum)
  }

  metaServer(): Promise<ServerAddress> {
    if (this.meta === null) {
      const found = this.read('meta-region-server', metaRegionServer).then((m) => address(m.server))
      this.meta = found
      found.catch(() => this.forgetMeta(found))
    }
    return this.meta
  }

  /** To be called when hbase:meta is not there: it is looked up again. */
  forgetMeta(known: Promise<ServerAddress> | null = this.meta): void {
    if (this.meta === known) this.meta = null
  }

  /**
   * Whether a region server still has its session. One that has lost it is dead to the cluster, although it may not know
   * yet and go on answering: its regions are or will be elsewhere, and what it writes now may be lost.
   */
  async isAlive({ host, port, startCode }: ServerAddress): Promise<boolean> {
    const servers = `${this.znodeParent}/rs`
    if ((await this.node(`${servers}/${host},${port},${startCode}`)) !== null) return true
    if ((await this.node(servers)) === null) return true // they are kept elsewhere: nothing is known
    const master = await this.master() // HBase 1 may have regions there
    return master.host === host && master.port === port && master.startCode === startCode
  }

  /** Asked for seldom: never remembered. */
  async master(): Promise<ServerAddress> {
    return address((await this.read('master', masterNode)).master)
  }

  private async read<T>(name: string, codec: Codec<T>): Promise<T> {
    const path = `${this.znodeParent}/${name}`
    const node = await this.node(path)
    if (node === null || node.length === 0) {
      throw new CallFailure(
        'unsent',
        'not_in_zookeeper',
        `ZooKeeper has no ${path}: HBase is not up, or the znode parent is wrong`,
      )
    }
    return decodeNode(codec, node)
  }

  private node(path: string): Promise<Buffer | null> {
    return readNode(this.servers, path, this.timeoutMs)
  }
}
