import t from 'tap'
import { FlowControl } from '../../../src/store/hbase/flow-control.js'

const MB = 1024 * 1024

/** Names of those who got their bytes, in order. */
function ask(flow: FlowControl, got: string[], server: string, bytes: number, name: string): void {
  void flow.acquire(server, bytes).then(() => got.push(name))
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

t.test('one server gets no more than its window, others are not held up by it', async (t) => {
  const flow = new FlowControl({ maxServerBytes: 4 * MB, maxInFlightBytes: 100 * MB })
  const got: string[] = []
  for (const name of ['a1', 'a2', 'a3']) ask(flow, got, 'a', 2 * MB, name)
  ask(flow, got, 'b', 2 * MB, 'b1')
  await settle()
  t.strictSame(got, ['a1', 'a2', 'b1'])
  t.equal(flow.inFlightBytes, 6 * MB)
  flow.release('a', 2 * MB, false)
  await settle()
  t.strictSame(got, ['a1', 'a2', 'b1', 'a3'])
})

t.test('all servers together get no more than the total', async (t) => {
  const flow = new FlowControl({ maxServerBytes: 4 * MB, maxInFlightBytes: 5 * MB })
  const got: string[] = []
  ask(flow, got, 'a', 4 * MB, 'a')
  ask(flow, got, 'b', 4 * MB, 'b')
  await settle()
  t.strictSame(got, ['a'])
  flow.release('a', 4 * MB, false)
  await settle()
  t.strictSame(got, ['a', 'b'])
})

t.test('what is larger than a window goes alone', async (t) => {
  const flow = new FlowControl({ maxServerBytes: MB, maxInFlightBytes: MB })
  const got: string[] = []
  ask(flow, got, 'a', 10 * MB, 'large')
  ask(flow, got, 'a', 1, 'small')
  await settle()
  t.strictSame(got, ['large'])
  flow.release('a', 10 * MB, false)
  await settle()
  t.strictSame(got, ['large', 'small'])
})

t.test('a busy server gets half as much at a time, down to a floor, and gets it back bit by bit', async (t) => {
  const flow = new FlowControl({ maxServerBytes: 8 * MB, maxInFlightBytes: 100 * MB })
  const call = async (busy: boolean): Promise<number> => {
    await flow.acquire('a', 1000)
    await flow.acquire('a', 1000)
    flow.release('a', 1000, busy)
    const size = flow.windowOf('a')
    flow.release('a', 1000, false)
    return size
  }
  t.equal(await call(true), 4 * MB)
  for (let i = 0; i < 30; i++) await call(true)
  t.ok(flow.windowOf('a') >= 64 * 1024)
  for (let i = 0; i < 40; i++) await call(false)
  t.equal(flow.windowOf('a'), 8 * MB)
})
