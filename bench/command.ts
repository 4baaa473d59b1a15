import { resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { BenchOptions } from './cases/options.js'
import { FLOWS, type Flow } from './collector/stores.js'
import { type OtherCollector, parseOther } from './collector/target.js'

/** Agents, seconds and rate of a case when they are not given. */
export interface Initial {
  agents: number
  seconds: number
  rate: number | 'auto'
}

/** What was given on the command line. */
export interface Given {
  agents: number
  seconds: number
  rate: number | 'auto'
  spans?: number
  workers: number | 'auto'
  generators: number
  warmUp: number
  other?: OtherCollector
  hbase?: string
  hbasePid?: number
  store: Flow
  json?: string
  svg?: string
  profile?: string
  split: boolean
}

/** What throws says what is wrong with the option. */
export function checked<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text)
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error))
    }
  }
}

export const whole = (least: number): ((text: string) => number) =>
  checked((text) => {
    const n = Number(text)
    if (!Number.isInteger(n) || n < least) throw new Error(`it must be a whole number from ${least}`)
    return n
  })

const workers = checked((text): number | 'auto' => (text === 'auto' ? text : whole(1)(text)))

const rate = checked((text): number | 'auto' => {
  if (text === 'auto') return 'auto'
  const n = Number(text)
  if (!(n > 0)) throw new Error('it must be datagrams a second, or auto')
  return n
})

/** A case, with the options that all have. */
export function command(
  name: string,
  description: string,
  initial: Initial,
  run: (given: Given) => Promise<void>,
): Command {
  return new Command(name)
    .description(description)
    .option('--agents <n>', 'simulated agents', whole(1), initial.agents)
    .option('--seconds <n>', 'length of the measured load', whole(1), initial.seconds)
    .option(
      '--rate <n|auto>',
      'spans and chunks a second; auto: the highest without loss is looked for',
      rate,
      initial.rate,
    )
    .option('--spans <n>', 'span events of each span, in place of the recorded mix', whole(0))
    .option('--workers <n|auto>', "the collector's worker processes", workers, 'auto' as const)
    .option('--generators <n>', 'processes that simulate the agents', whole(1), 1)
    .option('--warm-up <s>', 'seconds of load before anything is measured', whole(0), 12)
    .option(
      '--other <ports>',
      'compare with another collector that runs: "tcp=..,stat=..,span=..,pid=..[,log=..]"',
      checked(parseOther),
    )
    .option('--hbase <zk>', 'ZooKeeper host:port of a running HBase; without it one is started')
    .option('--hbase-pid <pid>', 'its process, to measure it too', whole(1))
    .addOption(new Option('--store <store>', 'what the collector writes to').choices(FLOWS).default('embedded'))
    .option('--json <file>', 'write all figures')
    .option('--svg <file>', 'draw loss and CPU by rate')
    .option('--profile <dir>', 'leave CPU profiles')
    .option('--no-split', 'do not measure CPU by stage')
    .action(run)
}

export function optionsOf(given: Given): BenchOptions {
  const { agents, seconds, rate, spans, workers, generators, warmUp, other, hbase, hbasePid, profile, split } = given
  return {
    agents,
    seconds,
    rate,
    spans: spans ?? null,
    workers,
    generators,
    warmUp,
    other: other ?? null,
    hbase: { quorum: hbase, pid: hbasePid },
    profile: profile === undefined ? null : resolve(profile),
    split,
    dataDir: null,
    settings: [],
    say: (text) => console.log(`  ${text}`),
  }
}
