import { readdirSync, readFileSync } from 'node:fs'

// /proc/PID/stat: "pid (command) state ppid pgrp … utime stime …", times in ticks of 1/100 s; 0 where there is no /proc.

const TICKS_A_SECOND = 100
const GROUP = 2
const USER_TICKS = 11
const SYSTEM_TICKS = 12

export interface ProcessUsage {
  pid: number
  cpuSeconds: number
  rssBytes: number
  /** the part of it that is not pages of files, such as those of the store */
  anonymousBytes: number
  /** with its share only of pages that several processes map */
  shareBytes: number
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

function kilobytes(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024
}

/** The live processes of a process group. */
export function usageOfGroup(group: number): ProcessUsage[] {
  const usage: ProcessUsage[] = []
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = read(`/proc/${name}/stat`)
    const columns = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (Number(columns[GROUP]) !== group || columns[0] === 'Z') continue
    const status = read(`/proc/${name}/status`)
    usage.push({
      pid: Number(name),
      cpuSeconds: (Number(columns[USER_TICKS]) + Number(columns[SYSTEM_TICKS])) / TICKS_A_SECOND,
      rssBytes: kilobytes(status, 'VmRSS'),
      anonymousBytes: kilobytes(status, 'RssAnon'),
      shareBytes: kilobytes(read(`/proc/${name}/smaps_rollup`), 'Pss'),
    })
  }
  return usage
}

export function total(usage: readonly ProcessUsage[], of: Exclude<keyof ProcessUsage, 'pid'>): number {
  return usage.reduce((sum, process) => sum + process[of], 0)
}

/** Bytes that wait in the kernel for the UDP socket of that local port; the column is "tx_queue:rx_queue", in hex. */
export function udpQueueBytes(port: number): number {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  let bytes = 0
  for (const line of read('/proc/net/udp').split('\n')) {
    const columns = line.trim().split(/\s+/)
    if (columns[1]?.endsWith(end)) bytes += Number.parseInt(columns[4].split(':')[1], 16)
  }
  return bytes
}
