import { renameSync, writeFileSync } from 'node:fs'
import { Session } from 'node:inspector'
import { join } from 'node:path'

// Loaded into every process of a collector that is measured (--import). It does nothing until SIGUSR2; from then to the
// next SIGUSR2 a CPU profile is taken, so that starting and warming up are not in it.

const DIRECTORY = process.env.PINPOINT_BENCH_PROFILES ?? '.'
const SAMPLE_US = 500

let session: Session | undefined

function start(): void {
  session = new Session()
  session.connect()
  session.post('Profiler.enable')
  session.post('Profiler.setSamplingInterval', { interval: SAMPLE_US })
  session.post('Profiler.start')
}

function stop(): void {
  session?.post('Profiler.stop', (error, result) => {
    if (error !== null) return
    const file = join(DIRECTORY, `collector-${process.pid}.cpuprofile`)
    // who waits for the file must not read half of it
    writeFileSync(`${file}.part`, JSON.stringify(result.profile))
    renameSync(`${file}.part`, file)
  })
  session?.disconnect()
  session = undefined
}

process.on('SIGUSR2', () => (session === undefined ? start() : stop()))
