import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { EmbeddedStore } from '../../src/store/embedded/embedded-store.js'
import { HbaseStore } from '../../src/store/hbase/hbase-store.js'
import type { Store } from '../../src/store/store.js'
import { whyNoHbase } from '../../test/builders/hbase-jars.js'
import { startHbase } from '../../test/builders/hbase-server.js'

const STUB = fileURLToPath(new URL('../stub/region-server.js', import.meta.url))

export const FLOWS = ['null', 'embedded', 'stub', 'hbase'] as const
export type Flow = (typeof FLOWS)[number]

/** A store that the collector can write to. */
export interface RunningStore {
  /** of the collector, as name=value */
  settings: string[]
  /** null: none that can be measured */
  pid: number | null
  /** what was stored, to be counted; null: nothing is kept. @param dataDir of a collector that has ended */
  read(dataDir: string): Promise<Store | null>
  stop(): Promise<void>
}

const nothing = async (): Promise<void> => {}

async function stub(): Promise<RunningStore> {
  const { NODE_OPTIONS: _, ...env } = process.env
  const child: ChildProcess = fork(STUB, [], { env, execArgv: [] })
  const [quorum] = (await once(child, 'message')) as [string]
  return {
    settings: ['store=hbase', `hbase.quorum=${quorum}`],
    pid: child.pid!,
    read: async () => null,
    stop: async () => {
      const exit = once(child, 'exit')
      child.disconnect()
      await exit
    },
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it has ended
  }
}

/** @param quorum of an HBase that runs; undefined: one is started */
async function hbase(quorum: string | undefined, pid: number | null): Promise<RunningStore> {
  const started = quorum === undefined ? await startHbase() : null
  const address = quorum ?? started!.quorum
  if (started !== null) process.on('exit', () => kill(started.pid))
  const store = new HbaseStore({ quorum: address })
  await store.ensureTables()
  await store.close()
  return {
    settings: ['store=hbase', `hbase.quorum=${address}`],
    pid: pid ?? started?.pid ?? null,
    read: async () => new HbaseStore({ quorum: address }),
    stop: started?.stop ?? nothing,
  }
}

export interface HbaseGiven {
  /** ZooKeeper host:port */
  quorum?: string | undefined
  /** of its process, to measure it */
  pid?: number | undefined
}

export function openFlowStore(flow: Flow, given: HbaseGiven): Promise<RunningStore> {
  if (flow === 'stub') return stub()
  if (flow === 'hbase') return hbase(given.quorum, given.pid ?? null)
  const read = async (dataDir: string): Promise<Store | null> =>
    flow === 'embedded' ? EmbeddedStore.open({ dataDir, readOnly: true }) : null
  return Promise.resolve({ settings: [`store=${flow}`], pid: null, read, stop: nothing })
}

/** Why that case cannot be run here; null: it can. */
export async function whyNot(flow: Flow, given: HbaseGiven): Promise<string | null> {
  return flow === 'hbase' && given.quorum === undefined ? whyNoHbase() : null
}
