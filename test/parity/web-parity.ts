import { parseArgs } from 'node:util'
import { canonical, type Difference, differences } from './canonical.js'
import { fetchJson, urlOf } from './fetch-json.js'
import { knownReason } from './known-differences.js'
import type { Json } from './lossless-json.js'
import { type ApiRequest, requests } from './requests.js'

const USAGE = `Asks our read API and the original web 1.5.2 the same, on the same tables, and compares the answers.

  node dist/test/parity/web-parity.js --ours URL --original URL [--from MS] [--to MS] [--transactions N]
       [--only ROUTE] [--show N]

  --from, --to      range of maps and scatter charts, ms (default: the last 4 hours)
  --transactions    transactions of each application to look at (default 100)
  --only            only routes whose name has this in it
  --show            differences that are printed of each route (default 5)

Exit code 1 when an answer differs for no known reason. Run both servers with the same time zone.`

interface RouteResult {
  asked: number
  equal: number
  /** requests that differ, for known reasons only */
  known: number
  different: number
  /** the original failed, and ours did not */
  failed: number
  /** ms */
  ours: number
  original: number
  examples: string[]
}

/** Differences looked at in one answer. */
const MOST_DIFFERENCES = 200
const HOUR = 3_600_000

const { values } = parseArgs({
  options: {
    ours: { type: 'string' },
    original: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    transactions: { type: 'string', default: '100' },
    only: { type: 'string', default: '' },
    show: { type: 'string', default: '5' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help || values.ours === undefined || values.original === undefined) {
  console.log(USAGE)
  process.exit(values.help ? 0 : 2)
}

const { ours, original } = values
const to = Number(values.to ?? Date.now())
const options = { from: Number(values.from ?? to - 4 * HOUR), to, transactions: Number(values.transactions) }
const results = new Map<string, RouteResult>()
const reasons = new Map<string, number>()

for await (const request of requests(
  (question) => fetchJson(original, question).then((answer) => answer.json),
  options,
)) {
  if (request.route.includes(values.only)) await compare(request)
}
print()
process.exitCode = [...results.values()].some((result) => result.different > 0) ? 1 : 0

async function compare(request: ApiRequest): Promise<void> {
  const [theirs, mine] = [await fetchJson(original, request), await fetchJson(ours!, request)]
  const result = results.get(request.route) ?? {
    asked: 0,
    equal: 0,
    known: 0,
    different: 0,
    failed: 0,
    ours: 0,
    original: 0,
    examples: [],
  }
  results.set(request.route, result)
  result.asked++
  result.ours += mine.ms
  result.original += theirs.ms
  if (theirs.failed && !mine.failed) {
    result.failed++
    return
  }
  const all =
    mine.failed && theirs.failed ? [] : differences(canonical(mine.json), canonical(theirs.json), MOST_DIFFERENCES)
  const unknown = all.filter((difference) => knownReason(request, difference) === undefined)
  for (const reason of new Set(all.flatMap((difference) => knownReason(request, difference) ?? []))) {
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
  }
  if (unknown.length > 0) {
    result.different++
    if (result.examples.length < Number(values.show)) result.examples.push(example(request, unknown))
  } else if (all.length > 0) result.known++
  else result.equal++
}

function example(request: ApiRequest, found: readonly Difference[]): string {
  const text = (json: Json | undefined): string => JSON.stringify(json)?.slice(0, 160) ?? 'absent'
  const places = found
    .slice(0, 4)
    .map((d) => `      ${d.path}\n        ours     ${text(d.ours)}\n        original ${text(d.original)}`)
  return [`    ${urlOf('', request)} (${found.length} places)`, ...places].join('\n')
}

function print(): void {
  console.log(
    'route                                    asked  equal  known  different  original failed   ours ms  original ms',
  )
  for (const [route, r] of results) {
    const figures = [r.asked, r.equal, r.known, r.different, r.failed].map((n) => String(n).padStart(6)).join(' ')
    const times = [r.ours, r.original].map((ms) => (ms / r.asked).toFixed(1).padStart(11)).join(' ')
    console.log(`${route.padEnd(40)}${figures} ${times}`)
    for (const text of r.examples) console.log(text)
  }
  for (const [reason, count] of reasons) console.log(`known difference, ${count} answers: ${reason}`)
}
