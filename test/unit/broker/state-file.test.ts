import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { BrokerState } from '../../../src/broker/broker-state.js'
import { StateFile } from '../../../src/broker/state-file.js'
import { temporaryDirectory } from '../../builders/collector.js'

const NAME = 'broker-state.jsonl'

function sample(): BrokerState {
  const state = new BrokerState()
  const common = { serviceId: 's', planId: 'p' }
  for (const id of ['i', 'ï "2"\n', '__proto__'])
    state.addInstance({ id, ...common, organizationGuid: 'o', spaceGuid: 's', parameters: '{"a":1}' })
  state.addBinding({
    id: 'b',
    instanceId: 'i',
    ...common,
    appGuid: null,
    parameters: '{"application_name":"x"}',
    credentials: {
      application_name: 'x',
      collector_host: 'c1',
      collector_span_port: 3,
      collector_stat_port: 2,
      collector_tcp_port: 1,
    },
  })
  return state
}

/** A directory with a written state; its text. */
async function written(directory: string): Promise<string> {
  const { file } = await StateFile.open(directory)
  await file.write(sample())
  file.close()
  return readFileSync(join(directory, NAME), 'utf8')
}

t.test('what was written is read again', async (t) => {
  const directory = join(temporaryDirectory(), 'a', 'b')
  const first = await StateFile.open(directory)
  t.equal(first.state.instances.size, 0, 'a new directory is empty')
  const bytes = await first.file.write(sample())
  first.file.close()
  const second = await StateFile.open(directory)
  t.equal(second.bytes, bytes)
  t.same([...second.state.instances], [...sample().instances])
  t.same([...second.state.bindings], [...sample().bindings])
  t.same([...second.state.bindingsByHost], [['c1', 1]])
  t.equal(second.state.changed, false)
  t.equal(statSync(join(directory, NAME)).mode & 0o777, 0o600, 'others may not read it')
  second.file.close()
  t.same(readdirSync(directory), [NAME])
})

t.test('every cut and every changed byte is found, and nothing is touched', async (t) => {
  const directory = temporaryDirectory()
  const path = join(directory, NAME)
  const text = await written(directory)
  const whole = Buffer.from(text)
  const damaged: Buffer[] = []
  for (let at = 0; at < whole.length; at += 7) damaged.push(whole.subarray(0, at))
  for (let at = 0; at < whole.length; at += 5) {
    const copy = Buffer.from(whole)
    copy[at] ^= 1
    damaged.push(copy)
  }
  damaged.push(Buffer.concat([whole, Buffer.from('\n')]), Buffer.from('null\n'), Buffer.from('{}\n'), Buffer.alloc(9))
  let accepted = 0
  for (const bytes of damaged) {
    writeFileSync(path, bytes)
    const failed = await StateFile.open(directory).catch((error: Error) => error)
    if (!(failed instanceof Error)) {
      accepted++
      failed.file.close()
      continue
    }
    if (!/broker-state\.jsonl is damaged: .*Nothing was changed\. Put back a copy of it/s.test(failed.message))
      t.fail(failed.message)
    if (!readFileSync(path).equals(bytes)) t.fail('the file was touched')
  }
  // the number of records in the header is for people, and is not under the checksum
  t.ok(accepted <= 3, `${accepted} of ${damaged.length} accepted`)
})

t.test('a file of a later version is refused', async (t) => {
  const directory = temporaryDirectory()
  const text = await written(directory)
  writeFileSync(join(directory, NAME), text.replace('"version":1', '"version":2'))
  await t.rejects(StateFile.open(directory), /its version is 2, this program reads 1/)
})

t.test('one process at a time', async (t) => {
  const directory = temporaryDirectory()
  const { file } = await StateFile.open(directory)
  await t.rejects(StateFile.open(directory), /another broker uses .*; stop it, or set broker\.stateDir/)
  file.close()
  const second = await StateFile.open(directory)
  second.file.close()
})

t.test('a file that somebody else put there is not overwritten', async (t) => {
  const directory = temporaryDirectory()
  const path = join(directory, NAME)
  const { file } = await StateFile.open(directory)
  await file.write(sample())
  writeFileSync(`${path}.copy`, readFileSync(path))
  renameSync(`${path}.copy`, path)
  await t.rejects(file.write(sample()), /was changed by somebody else; restart the broker/)
  file.close()
})

t.test('what a killed write left is no obstacle', async (t) => {
  const directory = temporaryDirectory()
  await written(directory)
  writeFileSync(join(directory, `${NAME}.new`), '{"half')
  const { file, state } = await StateFile.open(directory)
  t.equal(state.bindings.size, 1)
  await file.write(state)
  file.close()
  t.same(readdirSync(directory), [NAME])
})

t.test('what cannot be read or written is told', async (t) => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'file'), 'x')
  mkdirSync(join(directory, NAME))
  await t.rejects(StateFile.open(join(directory, 'file')), /cannot make the directory .*; set broker\.stateDir/)
  await t.rejects(StateFile.open(directory), /cannot read .*; let this user read it/)
  const gone = join(directory, 'gone')
  mkdirSync(gone)
  const { file } = await StateFile.open(gone)
  mkdirSync(join(gone, `${NAME}.new`))
  await t.rejects(file.write(sample()), /cannot write .*; free space on its disk/)
  file.close()
})
