import t from 'tap'
import { SETTING_KEYS, settingOf } from '../../../src/config/schema.js'
import { METRICS } from '../../../src/metrics.js'
import { referencePages, stalePages } from '../../../tools/reference.js'

t.test('docs/reference is up to date (else: npm run docs)', async (t) => {
  t.same(stalePages(), [])
  t.same(stalePages('/nowhere/'), ['settings.md', 'metrics.md', 'errors.md'])
})

t.test('the pages name everything', async (t) => {
  const pages = referencePages()
  for (const key of SETTING_KEYS) t.ok(pages['settings.md'].includes(`\`${settingOf(key).name}\``), key)
  for (const { name } of METRICS) t.ok(pages['metrics.md'].includes(`\`${name}\``), name)
  t.match(pages['errors.md'], /`kernel` \| `receive_buffer`/)
})
