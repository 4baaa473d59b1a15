import { arch, cpus, platform, release, totalmem } from 'node:os'
import { packageVersion } from '../../src/cli/version.js'

export interface Machine {
  cpu: string
  cpus: number
  memoryBytes: number
  system: string
  node: string
  collector: string
}

export function machine(): Machine {
  const all = cpus()
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cpus: all.length,
    memoryBytes: totalmem(),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    collector: packageVersion(),
  }
}

export function machineLine(m: Machine): string {
  const gib = (m.memoryBytes / 1024 ** 3).toFixed(0)
  return `pinpoint-collector ${m.collector}, Node ${m.node}, ${m.cpu}, ${m.cpus} CPUs, ${gib} GiB, ${m.system}`
}
