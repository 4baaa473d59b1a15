import { performance } from 'node:perf_hooks'
import { LOAD_INTERVAL_MS } from './receiving-plan.js'

const TICK_MS = 50
/** Busy for so much of so many ticks in a row, with so much CPU: it can take no more. */
const FULL = 0.95
const FULL_CPU = 0.8
const FULL_TICKS = 2

/** How busy the event loop of this process is. */
export class EventLoopLoad {
  private timer: NodeJS.Timeout | undefined
  private sample = performance.eventLoopUtilization()
  private sampleAt = 0
  private tick = this.sample
  private tickAt = 0
  private cpu = process.cpuUsage()
  private fullTicks = 0

  /**
   * @param tell is given the share of the time in which it was busy, 0 to 1, every LOAD_INTERVAL_MS; and at once, with `full`,
   * when it has been at work without a pause. A process that waits for a processor is busy too, but not full: another
   * would have to wait as well.
   */
  constructor(private readonly tell: (load: number, full: boolean) => void) {}

  start(): void {
    this.stop()
    this.sample = this.tick = performance.eventLoopUtilization()
    this.sampleAt = this.tickAt = performance.now()
    this.cpu = process.cpuUsage()
    this.fullTicks = 0
    this.timer = setInterval(() => this.look(), TICK_MS).unref()
  }

  stop(): void {
    clearInterval(this.timer)
  }

  private look(): void {
    const now = performance.now()
    const loop = performance.eventLoopUtilization()
    const { user, system } = process.cpuUsage(this.cpu)
    const cpu = (user + system) / 1000 / (now - this.tickAt)
    const busy = performance.eventLoopUtilization(loop, this.tick).utilization
    this.fullTicks = busy >= FULL && cpu >= FULL_CPU ? this.fullTicks + 1 : 0
    this.tick = loop
    this.tickAt = now
    this.cpu = process.cpuUsage()
    const full = this.fullTicks === FULL_TICKS
    if (!full && now - this.sampleAt < LOAD_INTERVAL_MS - TICK_MS / 2) return
    this.tell(performance.eventLoopUtilization(loop, this.sample).utilization, full)
    this.sample = loop
    this.sampleAt = now
  }
}
