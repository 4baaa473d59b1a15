import { writeFileSync } from 'node:fs'
import { Option } from 'commander'
import { flowCase } from './cases/flow.js'
import { generatorMax } from './cases/generator-max.js'
import type { BenchOptions } from './cases/options.js'
import { overloadCase, overloadChart, overloadTable } from './cases/overload.js'
import type { CaseResult } from './cases/result.js'
import { stageCase } from './cases/stages.js'
import { nodeLimits } from './collector/limits.js'
import { FLOWS, whyNot } from './collector/stores.js'
import { checked, command, type Given, type Initial, optionsOf, whole } from './command.js'
import { type Growth, growthChart, growthTable } from './growth/growth.js'
import { memoryChart, memoryTrend } from './growth/memory.js'
import { growAgents, growDays, growEvents } from './growth/runs.js'
import { machine, machineLine } from './report/machine.js'
import { rateChart } from './report/rate-chart.js'
import { dropLines, ratioLines, resultTable, rowLines, stageTable, storeLines } from './report/table.js'

// npm run bench [-- CASE] [options]; bench/README.md is the guide.

const STAGE_CASES = ['decode', 'rows'] as const

const SHORT: Initial = { agents: 50, seconds: 4, rate: 4_000 }
const NODE: Initial = { agents: 100, seconds: 60, rate: 'auto' }
const OVERLOAD: Initial = { agents: 100, seconds: 10, rate: 'auto' }
const GROWTH: Initial = { agents: 100, seconds: 15, rate: 5_000 }
const MEMORY: Initial = { agents: 100, seconds: 1_800, rate: 500 }
const SHORT_HBASE_RATE = 1_000

/** @param sockets whether the case has any: without, the generator does not matter */
async function report(
  given: Given,
  run: (options: BenchOptions) => Promise<CaseResult[]>,
  sockets = true,
): Promise<void> {
  const options = optionsOf(given)
  const here = machine()
  const limits = nodeLimits()
  limits.release()
  console.log(machineLine(here))
  console.log(`the collector's limits: ${limits.stated.join('; ')}`)
  const generator = sockets ? await generatorMax(options) : null
  if (generator !== null)
    console.log(
      `generator alone, ${options.generators} processes: ${Math.round(generator.datagramRate)} datagrams/s, ${generator.cpuUsADatagram.toFixed(1)} us each`,
    )
  const results = await run(options)
  console.log(`\n${resultTable(results)}`)
  if (results.some((r) => r.stages !== null)) console.log(`\n${stageTable(results)}`)
  const drops = dropLines(results)
  console.log(drops.length === 0 ? '\nnothing lost' : `\n${drops.join('\n')}`)
  for (const line of [...rowLines(results), ...storeLines(results), ...ratioLines(results)]) console.log(line)
  if (given.json !== undefined)
    writeFileSync(
      given.json,
      JSON.stringify({ machine: here, limits: limits.stated, generator, options, results }, null, 1),
    )
  if (given.svg !== undefined) writeFileSync(given.svg, rateChart(results))
}

/** Every case for a few seconds. */
async function all(options: BenchOptions): Promise<CaseResult[]> {
  const results = [await stageCase('decode', options), await stageCase('rows', options)]
  for (const flow of FLOWS) {
    const reason = await whyNot(flow, options.hbase)
    if (reason === null) {
      const slow = flow === 'hbase' && typeof options.rate === 'number'
      const rate = slow ? Math.min(SHORT_HBASE_RATE, options.rate as number) : options.rate
      results.push(...(await flowCase(flow, { ...options, rate })))
    } else options.say(`${flow} left out: ${reason}`)
  }
  return results
}

// a case's options stand behind its name
const program = command('bench', 'Every case for a few seconds, one table', SHORT, (given) => report(given, all))
program.enablePositionalOptions()
for (const stage of STAGE_CASES)
  program.addCommand(
    command(stage, `${stage} alone, in one process without sockets`, SHORT, (given) =>
      report(given, async (options) => [await stageCase(stage, options)], false),
    ),
  )
for (const flow of FLOWS)
  program.addCommand(
    command(flow, `the whole collector on store ${flow}`, SHORT, (given) =>
      report(given, (options) => flowCase(flow, options)),
    ),
  )
program.addCommand(
  command('node', 'the whole collector within the documented node: 2 vCPU, 2 GB', NODE, (given) =>
    report(given, (options) => flowCase(given.store, options)),
  ),
)

program.addCommand(
  command('overload', 'the lossless rate, ten times of it, the lossless rate again', OVERLOAD, async (given) => {
    const here = machine()
    console.log(machineLine(here))
    const overload = await overloadCase(given.store, optionsOf(given))
    console.log(`\n${overloadTable(overload)}`)
    if (given.json !== undefined) writeFileSync(given.json, JSON.stringify({ machine: here, ...overload }, null, 1))
    if (given.svg !== undefined) writeFileSync(given.svg, overloadChart(overload))
  }),
)

interface GrowthGiven extends Given {
  sizes: number[]
  tracesADay: number
}

const wholes = checked((text): number[] => text.split(',').map((one) => whole(1)(one)))

async function growthReport(
  given: Given,
  cpu: 'datagram' | 'span',
  run: (options: BenchOptions) => Promise<Growth>,
): Promise<void> {
  const here = machine()
  console.log(machineLine(here))
  const growth = await run({ ...optionsOf(given), split: false })
  console.log(`\n${growthTable(growth)}`)
  if (given.json !== undefined) writeFileSync(given.json, JSON.stringify({ machine: here, ...growth }, null, 1))
  if (given.svg !== undefined) writeFileSync(given.svg, growthChart(growth, cpu))
}

const sizes = (initial: number[]): Option =>
  new Option('--sizes <n,…>', 'sizes to be tried').argParser(wholes).default(initial)

program.addCommand(
  command('agents', 'growth: the same load from more and more agents', GROWTH, (given) =>
    growthReport(given as GrowthGiven, 'datagram', (options) =>
      growAgents(given.store, (given as GrowthGiven).sizes, options),
    ),
  ).addOption(sizes([1, 10, 100, 1_000, 10_000])),
)
program.addCommand(
  command('events', 'growth: larger and larger spans, at the same number of datagrams', GROWTH, (given) =>
    growthReport(given as GrowthGiven, 'span', (options) =>
      growEvents(given.store, (given as GrowthGiven).sizes, options),
    ),
  ).addOption(sizes([1, 8, 50, 500])),
)
program.addCommand(
  command('days', 'growth: an embedded store that holds more and more days', GROWTH, (given) => {
    const { sizes, tracesADay } = given as GrowthGiven
    return growthReport(given, 'datagram', (options) => growDays(sizes, tracesADay, options))
  })
    .addOption(sizes([1, 7, 60]))
    .option('--traces-a-day <n>', 'traces that the store has of each day', whole(1), 10_000),
)
program.addCommand(
  command('memory', 'growth: RSS over time under one load', MEMORY, async (given) => {
    const [result] = await flowCase(given.store, { ...optionsOf(given), split: false })
    const { slopeMibAnHour, minMib, maxMib } = memoryTrend(result.round!.rssSeries)
    console.log(`${machineLine(machine())}\n\n${resultTable([result])}\n\n${dropLines([result]).join('\n')}`)
    console.log(
      `RSS in the last two thirds: ${minMib.toFixed(0)} to ${maxMib.toFixed(0)} MiB, ${slopeMibAnHour.toFixed(1)} MiB an hour`,
    )
    if (given.json !== undefined) writeFileSync(given.json, JSON.stringify({ machine: machine(), result }, null, 1))
    if (given.svg !== undefined) writeFileSync(given.svg, memoryChart(result))
  }),
)
// the collector and the stores end with this process, however it ends; each collector of a growth listens for that
process.setMaxListeners(100)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))
await program.parseAsync()
