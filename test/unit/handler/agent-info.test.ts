import t from 'tap'
import { drops, pipeline, type TestPipeline } from '../../builders/pipeline.js'
import { AGENT_INFO, SMALL_AGENT_INFO } from '../../builders/pipeline-messages.js'
import { cellValue, tablesOf } from '../../builders/rows.js'
import type { Plain } from '../../builders/thrift-idl.js'

function given(info: Plain): TestPipeline {
  const p = pipeline()
  p.give('TAgentInfo', info)
  return p
}

function without(...fields: string[]): Plain {
  return Object.fromEntries(Object.entries(AGENT_INFO).filter(([name]) => !fields.includes(name)))
}

t.test('server and jvm have a column only when they were sent', async (t) => {
  const columns = (p: TestPipeline): string =>
    p
      .rows()[0]
      .cells.map((c) => c.qualifier.toString())
      .join('')
  t.equal(columns(given(AGENT_INFO)), 'imj')
  t.equal(columns(given(without('serverMetaData', 'jvmInfo'))), 'i')
  t.equal(columns(given(without('serverMetaData'))), 'ij')
})

t.test('jvm versions: the text is only known of version 0', async (t) => {
  const jvm = (jvmInfo: Plain): string => cellValue(given({ ...AGENT_INFO, jvmInfo }).rows(), 'AgentInfo', 'Info', '6a')
  t.equal(jvm({ version: 1, vmVersion: 'x', gcType: 1 }), '01')
  t.equal(jvm({ version: 255 }), 'ff')
  t.equal(jvm({ vmVersion: '', gcType: 4 }), '0000044731')
  t.equal(jvm({ gcType: 99 }), '00010e554e4b4e4f574e', 'an unknown gc type')
  for (const version of [-1, 256, 32767]) {
    const p = given({ ...AGENT_INFO, jvmInfo: { version } })
    t.strictSame([p.rows(), drops(p)], [[], { badJvmInfo: 1 }], `version ${version}: nothing is written`)
  }
})

t.test('absent and empty lists and texts are alike', async (t) => {
  const server = (serverMetaData: Plain): string =>
    cellValue(given({ ...AGENT_INFO, serverMetaData }).rows(), 'AgentInfo', 'Info', '6d')
  t.equal(server({}), '00000000')
  t.equal(server({ serverInfo: '', vmArgs: [], serviceInfos: [] }), '00000000')
  t.equal(server({ serviceInfos: [{}] }), '0000000106000000')
  t.equal(server({ vmArgs: ['', 'a'] }), '0000020000' + '00016100')
  const many = server({ serviceInfos: [{ serviceName: 'n'.repeat(100), serviceLibs: ['l'] }] })
  t.equal(many, `00000001d4010064${'6e'.repeat(100)}0100016c`, 'a service of more than 63 bytes')
})

t.test('an application name has no limit in ApplicationIndex', async (t) => {
  const applicationName = '서비스'.repeat(10)
  const rows = given({ ...AGENT_INFO, applicationName }).rows()
  t.equal(rows[1].key.toString(), applicationName)
})

t.test('both rows or none', async (t) => {
  const cases: [info: Plain, drop: string][] = [
    [without('agentId'), 'missingField'],
    [without('applicationName'), 'missingField'],
    [{ ...AGENT_INFO, applicationName: '' }, 'missingField'],
    [{ ...AGENT_INFO, agentId: 'x'.repeat(25) }, 'nameTooLong'],
    [{ ...AGENT_INFO, serverMetaData: { serverInfo: 'x'.repeat(32_768) } }, 'tooLong'],
  ]
  for (const [info, drop] of cases) {
    const p = given(info)
    t.strictSame([p.rows(), drops(p)], [[], { [drop]: 1 }])
  }
  t.strictSame(tablesOf(given(SMALL_AGENT_INFO).rows()), ['AgentInfo', 'ApplicationIndex'])
})
