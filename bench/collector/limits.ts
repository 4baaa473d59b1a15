import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'

// The documented node has 2 vCPU and 2 GB. Where this machine allows it the collector is held to that: CPU affinity by
// taskset, memory by a cgroup (v2 or v1) of its own. What could not be set is said in the report.

const NODE_CPUS = 2
const NODE_MEMORY_BYTES = 2 * 1024 ** 3
const V2 = '/sys/fs/cgroup'
const V1 = '/sys/fs/cgroup/memory'

export interface Limits {
  /** put before the collector's command */
  launcher: string[]
  /** CPUs for generators and stores, as taskset takes them; null: the same as the collector's */
  otherCpus: string | null
  /** what was applied, for the report */
  stated: string[]
  /** removes what was made */
  release(): void
}

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['-V'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** A new cgroup that may have so many bytes; undefined: not allowed here. */
function memoryCgroup(): { procs: string; remove(): void; kind: string } | undefined {
  const v2 = existsSync(join(V2, 'cgroup.controllers'))
  const root = v2 ? V2 : V1
  const dir = join(root, `pinpoint-bench-${process.pid}`)
  try {
    if (v2 && !readFileSync(join(V2, 'cgroup.subtree_control'), 'utf8').includes('memory')) return undefined
    mkdirSync(dir)
    writeFileSync(join(dir, v2 ? 'memory.max' : 'memory.limit_in_bytes'), String(NODE_MEMORY_BYTES))
    return { procs: join(dir, 'cgroup.procs'), remove: () => removeCgroup(dir), kind: v2 ? 'cgroup v2' : 'cgroup v1' }
  } catch {
    removeCgroup(dir)
    return undefined
  }
}

function removeCgroup(dir: string): void {
  try {
    rmdirSync(dir)
  } catch {
    // not made, or a process is still ending in it: it is empty and goes with the next boot
  }
}

/** The limits of the node, as far as they can be set here. */
export function nodeLimits(): Limits {
  const stated: string[] = []
  const launcher: string[] = []
  const count = cpus().length
  const cgroup = memoryCgroup()
  if (cgroup) {
    launcher.push('sh', '-c', 'echo $$ > "$0" && exec "$@"', cgroup.procs)
    stated.push(`memory 2 GiB (${cgroup.kind})`)
  } else stated.push('memory not limited: no cgroup can be made here')
  let otherCpus: string | null = null
  if (hasTaskset()) {
    launcher.push('taskset', '-c', `0-${Math.min(count, NODE_CPUS) - 1}`)
    stated.push(`CPUs 0-${Math.min(count, NODE_CPUS) - 1} (taskset)`)
    if (count > NODE_CPUS) otherCpus = `${NODE_CPUS}-${count - 1}`
  } else stated.push('CPUs not limited: no taskset')
  stated.push(otherCpus === null ? 'generator and store on the same CPUs' : `generator and store on CPUs ${otherCpus}`)
  return { launcher, otherCpus, stated, release: () => cgroup?.remove() }
}
