import t from 'tap'
import { en } from '../../../../src/http/web/i18n/en.js'
import { fillIn } from '../../../../src/http/web/i18n/fill-in.js'
import { ko } from '../../../../src/http/web/i18n/ko.js'

const gaps = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([gap]) => gap).sort()

t.test('every text is there in Korean, with the same values to fill in', async (t) => {
  t.same(Object.keys(ko), Object.keys(en))
  for (const [key, english] of Object.entries(en)) {
    const korean = ko[key as keyof typeof en]
    t.ok(korean.trim() !== '', key)
    t.same(gaps(korean), gaps(english), key)
  }
})

t.test('Korean texts are Korean', async (t) => {
  const same = Object.entries(en)
    .filter(([key, english]) => ko[key as keyof typeof en] === english)
    .map(([key]) => key)
  t.same(same, [
    'app.title',
    'empty.agents.config',
    'scatter.elapsed',
    'call.api',
    'inspector.ip',
    'inspector.pid',
    'inspector.jvm',
    'chart.cpu',
    'chart.jvm',
  ])
})

t.test('values are filled in as text', async (t) => {
  t.equal(fillIn('{a} and {b} and {a}', { a: 1, b: '{a}' }), '1 and {a} and 1')
  t.equal(fillIn('{missing}', {}), '{missing}')
  t.equal(fillIn('{toString}', {}), '{toString}')
})
