import { readdirSync, readFileSync } from 'node:fs'
import { type ProcessUsage, usageOfGroup } from '../../test/builders/collector-usage.js'

export interface Usage {
  cpuSeconds: number
  rssBytes: number
  processes: number
}

/** Of several processes together. */
export function sumOf(all: readonly ProcessUsage[]): Usage {
  return {
    cpuSeconds: all.reduce((sum, p) => sum + p.cpuSeconds, 0),
    rssBytes: all.reduce((sum, p) => sum + p.rssBytes, 0),
    processes: all.length,
  }
}

/** CPU and RSS of all processes in the group of that process, itself or its children included. */
export function usageWithChildren(pid: number): Usage {
  const pids = new Set([pid])
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) if (/^\d+$/.test(name)) parents.set(Number(name), columnsOf(name).parent)
  for (let grew = true; grew; ) {
    grew = false
    for (const [child, parent] of parents) if (pids.has(parent) && !pids.has(child)) grew = Boolean(pids.add(child))
  }
  const groups = new Set([...pids].map((p) => columnsOf(String(p)).group))
  return sumOf([...groups].flatMap((group) => usageOfGroup(group)).filter((p) => pids.has(p.pid)))
}

function columnsOf(pid: string): { parent: number; group: number } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { parent: Number(parent), group: Number(group) }
  } catch {
    return { parent: -1, group: -1 }
  }
}

const LOOK_MS = 250
/** looks between two entries of the series */
const LOOKS_AN_ENTRY = 4

/** The most RSS, looked at now and then. */
export class RssPeak {
  bytes = 0
  /** each second */
  readonly series: { seconds: number; bytes: number }[] = []
  private looks = 0
  private readonly timer: NodeJS.Timeout

  constructor(private readonly usage: () => Usage) {
    this.look()
    this.timer = setInterval(() => this.look(), LOOK_MS)
  }

  private look(): void {
    const { rssBytes } = this.usage()
    this.bytes = Math.max(this.bytes, rssBytes)
    if (this.looks++ % LOOKS_AN_ENTRY === 0)
      this.series.push({ seconds: ((this.looks - 1) * LOOK_MS) / 1000, bytes: rssBytes })
  }

  stop(): number {
    this.look()
    clearInterval(this.timer)
    return this.bytes
  }
}
