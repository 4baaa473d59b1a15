import t from 'tap'
import { parseFilter } from '../../../../src/query/filter/filter-text.js'
import { matchesPath } from '../../../../src/query/filter/path-pattern.js'

const LINK = { fa: 'FRONT', fst: 'TOMCAT', ta: 'BACK', tst: 'TOMCAT' }
const encoded = (conditions: unknown): string => encodeURIComponent(JSON.stringify(conditions))

t.test('a condition names a link, and perhaps times, errors, agents and a path', async (t) => {
  t.equal(parseFilter(undefined), null)
  t.equal(parseFilter(''), null)
  const [plain] = parseFilter(encoded([LINK]))!
  t.match(plain, { fromName: 'FRONT', toName: 'BACK', fromAgent: '', error: null, url: null })
  t.same([plain.least, plain.most], [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])
  const url = Buffer.from('/한글/**').toString('base64')
  const [full] = parseFilter(encoded([{ ...LINK, fan: ' a1 ', tan: 'b1', rf: 100, rt: 'max', ie: true, url }]))!
  t.match(full, { fromAgent: 'a1', toAgent: 'b1', least: 100, most: Number.POSITIVE_INFINITY, error: true })
  t.equal(full.url, '/한글/**')
  t.match(parseFilter(encoded([{ ...LINK, rf: '0', rt: '50', ie: false }])), [{ least: 0, most: 50, error: false }])
})

t.test('what cannot be used as a filter is refused', async (t) => {
  for (const [filter, why] of [
    ['{', /no JSON/],
    ['%', /no JSON/],
    [encoded({}), /a list/],
    [encoded([1]), /an object/],
    [encoded([{ ...LINK, fa: '' }]), /are wanted/],
    [encoded([{ ...LINK, rf: 1 }]), /belong together/],
    [encoded([{ ...LINK, rf: 'x', rt: 1 }]), /no response time/],
    [encoded([{ ...LINK, tst: 'NOTHING' }]), /no service type/],
  ] as const)
    t.throws(() => parseFilter(filter), { message: why, statusCode: 400 }, filter)
})

t.test('path patterns: ? a character, * within a part, ** any parts', async (t) => {
  for (const [pattern, path, fits] of [
    ['/do/**', '/do/hello', true],
    ['/do/**', '/do', true],
    ['/do/**', '/dont/hello', false],
    ['/do/*', '/do/hello', true],
    ['/do/*', '/do/hello/you', false],
    ['/d?/hello', '/do/hello', true],
    ['/d?/hello', '/d/hello', false],
    ['/**/you', '/do/hello/you', true],
    ['/**/you', '/do/you/hello', false],
    ['/*l*o', '/hello', true],
    ['/*l*x', '/hello', false],
    ['do', '/do', false],
    ['/do', '/do/', false],
  ] as const)
    t.equal(matchesPath(pattern, path), fits, `${pattern} ${path}`)
})

t.test('no pattern takes long', async (t) => {
  const began = performance.now()
  t.notOk(matchesPath(`/${'*a'.repeat(2_000)}b`, `/${'a'.repeat(4_000)}`))
  t.notOk(matchesPath('/**/x'.repeat(200), '/x'.repeat(400).concat('/y')))
  t.ok(performance.now() - began < 2_000)
})
