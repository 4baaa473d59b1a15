import t from 'tap'
import { parseIdl } from '../../../tools/idl.js'
import { ENUMS, STRUCTS, structNamed, TYPE_CODES } from '../../builders/thrift-idl.js'

t.test('structs, unions, enums, lists, defaults and comments', async (t) => {
  const text = `
    // struct Commented { 1: i32 a }
    enum E { A = 0, B = -1 C = 7 }
    struct S {
      1: string name   // 2: i32 hidden
      20: optional list<i64> ids
      3: optional E kind = -1
    } (encode)
    union U { 1: S s }
    struct Empty {}
  `
  const field = { optional: false, list: false, default: undefined }
  t.strictSame(parseIdl(text), [
    {
      kind: 'enum',
      name: 'E',
      values: [
        { name: 'A', value: 0 },
        { name: 'B', value: -1 },
        { name: 'C', value: 7 },
      ],
    },
    {
      kind: 'struct',
      union: false,
      name: 'S',
      encode: true,
      fields: [
        { ...field, id: 1, type: 'string', name: 'name' },
        { ...field, id: 20, optional: true, type: 'i64', list: true, name: 'ids' },
        { ...field, id: 3, optional: true, type: 'E', name: 'kind', default: -1 },
      ],
    },
    { kind: 'struct', union: true, name: 'U', encode: false, fields: [{ ...field, id: 1, type: 'S', name: 's' }] },
    { kind: 'struct', union: false, name: 'Empty', encode: false, fields: [] },
  ])
})

t.test('what is not understood is named', async (t) => {
  const cases: [string, RegExp][] = [
    ['service X {}', /expected enum, struct or union, found service/],
    ['struct S { 1: i32 a', /ends too early/],
    ['struct S', /ends too early/],
    ['struct S ( }', /expected \{, found \(/],
    ['struct S { 1 i32 a }', /expected :, found i32/],
    ['struct S { i32 a }', /expected a number, found i32/],
    ['struct S { 1: i32 }', /expected a name, found \}/],
    ['struct S { 1: list<i32 a }', /expected >, found a/],
    ['struct S { 1: list i32 a }', /expected <, found i32/],
    ['struct S { 1: map<i32,i32> a }', /expected a name, found </],
    ['struct S { 1: i32 a = "x" }', /expected a number, found "/],
    ['struct S { 1: i32 a; 2: i32 b }', /expected a number, found ;/],
    ['struct S { 1: i32 a 1: i64 b }', /S has two fields 1/],
    ['struct S {} (decode)', /expected encode, found decode/],
    ['enum E { A }', /expected =, found \}/],
    ['enum E { A = B }', /expected a number, found B/],
    ['struct 1 {}', /expected a name, found 1/],
    ['struct S {} # comment', /expected enum, struct or union, found #/],
  ]
  for (const [text, message] of cases) t.throws(() => parseIdl(text), { message }, text)
})

t.test('ids of a struct of ours rise, names are unique, and every message has a struct', async (t) => {
  for (const s of STRUCTS) {
    t.strictSame(
      s.fields.map((f) => f.id),
      s.fields.map((f) => f.id).sort((a, b) => a - b),
      `${s.name}: ids`,
    )
    t.equal(new Set(s.fields.map((f) => f.name)).size, s.fields.length, `${s.name}: names`)
    t.ok(s.fields.length <= 32, `${s.name}: a bit for each field`)
  }
  const names = [...STRUCTS, ...ENUMS].map((type) => type.name)
  t.equal(new Set(names).size, names.length)
  for (const name of Object.keys(TYPE_CODES)) t.ok(structNamed(name), name)
})
