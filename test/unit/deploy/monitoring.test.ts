import { collectDefaultMetrics, Registry } from 'prom-client'
import t from 'tap'
import { BROKER_METRICS } from '../../../src/broker/metrics.js'
import { DROP_NAMES, DROPS } from '../../../src/drop-reasons.js'
import { METRICS } from '../../../src/metrics.js'
import { packageFile, packageYaml } from '../../builders/deploy.js'

interface Rule {
  alert: string
  expr: string
  labels: { severity: string }
  annotations: { summary: string; do: string }
}

const [rules] = packageYaml('deploy/prometheus/rules.yml') as [{ groups: { rules: Rule[] }[] }]
const alerts = rules.groups.flatMap((group) => group.rules)

interface Panel {
  id: number
  type: string
  title: string
  description?: string
  gridPos: { x: number; y: number; w: number; h: number }
  targets: { expr: string }[]
}

const dashboard = JSON.parse(packageFile('deploy/grafana/dashboards/collector.json')) as { panels: Panel[] }

const registry = new Registry()
collectDefaultMetrics({ register: registry })

/** name of a series → its labels; what Prometheus itself adds is everywhere. */
const SERIES = new Map<string, readonly string[]>([
  ['up', []],
  ...registry.getMetricsAsArray().map(({ name }): [string, string[]] => [name, ['kind', 'space', 'type', 'version']]),
  ...[...METRICS, ...BROKER_METRICS].flatMap(({ name, type, labels }): [string, readonly string[]][] =>
    type === 'histogram'
      ? ['_bucket', '_sum', '_count'].map((end) => [name + end, [...labels, 'le']])
      : [[name, labels]],
  ),
])
const EVERYWHERE = ['job', 'instance', 'alertname', 'alertstate']

/** Complaints about a PromQL expression: series that there are not, labels that they have not, drop stages that do not occur. */
function complaints(expression: string): string[] {
  const wrong: string[] = []
  for (const [, name, , matchers = ''] of expression.matchAll(
    /\b((?:pinpoint|process|nodejs|haproxy)_\w+|up)\b(\{([^}]*)\})?/g,
  )) {
    const labels = SERIES.get(name)
    if (labels === undefined) wrong.push(`there is no ${name}`)
    for (const [, label, , values] of matchers.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)) {
      if (!labels?.includes(label) && !EVERYWHERE.includes(label)) wrong.push(`${name} has no label ${label}`)
      if (label !== 'stage') continue
      const stages = DROP_NAMES.map((drop): string => DROPS[drop].stage)
      for (const stage of values.split('|')) if (!stages.includes(stage)) wrong.push(`no drop has stage ${stage}`)
    }
  }
  return wrong
}

t.test('alert rules ask for series that there are', async (t) => {
  for (const { alert, expr } of alerts) t.same(complaints(expr), [], alert)
  t.same(complaints('rate(pinpoint_gone_total{x="1"}[5m]) + pinpoint_dropped_total{stage="wire",type="a"}'), [
    'there is no pinpoint_gone_total',
    'pinpoint_gone_total has no label x',
    'no drop has stage wire',
    'pinpoint_dropped_total has no label type',
  ])
})

t.test('the dashboard asks for series that there are, in panels that do not overlap', async (t) => {
  const panels = dashboard.panels.filter(({ type }) => type !== 'row')
  for (const { title, description, targets } of panels) {
    t.ok(description, title)
    for (const { expr } of targets) t.same(complaints(expr), [], `${title}: ${expr}`)
  }
  t.equal(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length)
  const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
  )
  t.equal(new Set(cells).size, cells.length)
})

t.test('every alert has a name of its own, a severity, and says what to do', async (t) => {
  t.equal(new Set(alerts.map(({ alert }) => alert)).size, alerts.length)
  for (const { alert, labels, annotations } of alerts) {
    t.match(labels.severity, /^(critical|warning|info)$/, alert)
    t.ok(annotations.summary.length > 0 && annotations.do.length > 0, alert)
  }
})

t.test('every alert is tested with promtool', async (t) => {
  const [file] = packageYaml('deploy/prometheus/rules.test.yml')
  const tests = JSON.stringify(file)
  const untested = alerts.map(({ alert }) => alert).filter((alert) => !tests.includes(alert))
  t.same(untested, [])
})
