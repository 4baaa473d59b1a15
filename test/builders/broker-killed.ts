import { bindCall, bindingPath, instancePath, provisionCall, unbindCall } from './broker.js'
import { BrokerProcess } from './broker-process.js'

// Many clients at once, a kill -9 in the middle, and a count of what was acknowledged and is not there.

/** Clients, each with one call under way at a time. */
const CLIENTS = 8

export interface BrokerShot {
  /** calls answered before the kill */
  acknowledged: number
  /** calls whose answer never came */
  unanswered: number
  /** acknowledged bindings that are not there, or have other credentials, and unbound ones that are there */
  wrong: string[]
}

/** What the platform knows after its answers. */
interface Known {
  instances: Set<string>
  /** JSON of the credentials */
  bindings: Map<string, string>
  unbound: Set<string>
}

export class BrokerRange {
  private readonly known: Known = { instances: new Set(), bindings: new Map(), unbound: new Set() }
  private next = 0

  constructor(private readonly stateDir: string) {}

  /** Kills the broker when about half of `calls` are answered; then starts it again and looks. */
  async shoot(calls: number): Promise<BrokerShot> {
    const broker = await BrokerProcess.start({ stateDir: this.stateDir })
    const state = { acknowledged: 0, unanswered: 0, stop: false }
    const client = async (): Promise<void> => {
      while (!state.stop && state.acknowledged < calls) {
        try {
          await this.session(broker, () => state.acknowledged++)
        } catch (error) {
          if (error instanceof WrongAnswer) throw error
          state.unanswered++
          state.stop = true
        }
      }
    }
    const killer = async (): Promise<void> => {
      while (state.acknowledged < calls / 2) await new Promise(setImmediate)
      await broker.kill()
      state.stop = true
    }
    await Promise.all([killer(), ...Array.from({ length: CLIENTS }, client)])
    return { acknowledged: state.acknowledged, unanswered: state.unanswered, wrong: await this.look() }
  }

  /** An instance, four bindings, one of them removed again. */
  private async session(broker: BrokerProcess, answered: () => void): Promise<void> {
    const n = this.next++
    const instance = `instance-${n}`
    await expect(broker, provisionCall(instance), 201)
    this.known.instances.add(instance)
    answered()
    for (let i = 0; i < 4; i++) {
      const id = `binding-${n}-${i}`
      const body = await expect(broker, bindCall(instance, id), 201)
      this.known.bindings.set(`${instance} ${id}`, JSON.stringify((body as { credentials: object }).credentials))
      answered()
    }
    const gone = `binding-${n}-0`
    // from here on it may be there or not, until the answer
    this.known.bindings.delete(`${instance} ${gone}`)
    await expect(broker, unbindCall(instance, gone), 200)
    this.known.unbound.add(`${instance} ${gone}`)
    answered()
  }

  private async look(): Promise<string[]> {
    const broker = await BrokerProcess.start({ stateDir: this.stateDir })
    const wrong: string[] = []
    const fetch = async (pair: string): Promise<{ status: number; credentials: string }> => {
      const [instance, id] = pair.split(' ')
      const { status, body } = await broker.call({ method: 'GET', path: bindingPath(instance, id) })
      return { status, credentials: JSON.stringify((body as { credentials?: object }).credentials) }
    }
    for (const instance of this.known.instances) {
      const { status } = await broker.call({ method: 'GET', path: instancePath(instance) })
      if (status !== 200) wrong.push(`${instance}: ${status}`)
    }
    for (const [pair, credentials] of this.known.bindings) {
      const found = await fetch(pair)
      if (found.status !== 200 || found.credentials !== credentials) wrong.push(`${pair}: ${found.status}`)
    }
    for (const pair of this.known.unbound) {
      const { status } = await fetch(pair)
      if (status !== 404) wrong.push(`${pair}: ${status}, but it was unbound`)
    }
    await broker.stop()
    return wrong
  }
}

class WrongAnswer extends Error {}

async function expect(
  broker: BrokerProcess,
  call: Parameters<BrokerProcess['call']>[0],
  status: number,
): Promise<unknown> {
  const answer = await broker.call(call)
  if (answer.status !== status) throw new WrongAnswer(`${call.path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}
