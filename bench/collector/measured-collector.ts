import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Collector, eventually, temporaryDirectory } from '../../test/builders/collector.js'
import { ourTarget, type Target } from './target.js'

const PROFILER = pathToFileURL(fileURLToPath(new URL('./profiler.js', import.meta.url))).href

/** Our collector within the node's limits, with a profiler that can be switched on. */
export class MeasuredCollector {
  readonly target: Target
  private stopping: Promise<unknown> | undefined

  private constructor(
    private readonly collector: Collector,
    private readonly profiles: string,
    readonly dataDir: string,
  ) {
    this.target = ourTarget(collector)
  }

  /** @param settings name=value @param profiles directory for CPU profiles @param dataDir a new one when absent */
  static async start(
    workers: number | 'auto',
    settings: readonly string[],
    launcher: readonly string[],
    profiles: string,
    dataDir = temporaryDirectory(),
  ): Promise<MeasuredCollector> {
    const collector = await Collector.start({
      workers,
      dataDir,
      set: [...settings, `spill.dir=${join(dataDir, 'spill')}`, 'log.level=warn'],
      launcher,
      environment: { NODE_OPTIONS: `--import=${PROFILER}`, PINPOINT_BENCH_PROFILES: profiles },
    })
    return new MeasuredCollector(collector, profiles, dataDir)
  }

  /** In all its processes, until endProfile(). */
  profile(): void {
    for (const { pid } of this.collector.usage()) process.kill(pid, 'SIGUSR2')
  }

  /** Resolves when the profiles are written. @returns their files; a directory that is kept may have those of earlier runs too */
  async endProfile(): Promise<string[]> {
    const pids = this.collector.usage().map(({ pid }) => pid)
    for (const pid of pids) process.kill(pid, 'SIGUSR2')
    const files = pids.map((pid) => join(this.profiles, `collector-${pid}.cpuprofile`))
    const written = (): boolean => files.every((file) => existsSync(file))
    if (!(await eventually(written))) throw new Error('the collector wrote no CPU profile')
    return files
  }

  /** ms from the start of the process to READY */
  get readyMs(): number {
    return this.collector.readyMs
  }

  /** May be called again. */
  async stop(): Promise<void> {
    await (this.stopping ??= this.collector.stop())
  }
}
