import { BadRequest } from '../bad-request.js'
import { type ServiceType, serviceTypesShownAs } from '../service-types.js'

// filter => JSON, URL-encoded once more:
//   [ { fa, fst: caller's name and type   ta, tst: callee's   fan, tan: agents   rf, rt: response time, ms ("max")
//       ie: with or without an error   url: base64 of a path pattern } … ]

/** One condition on a transaction. */
export interface LinkCondition {
  fromName: string
  fromTypes: ServiceType[]
  toName: string
  toTypes: ServiceType[]
  /** '': any */
  fromAgent: string
  toAgent: string
  /** ms, both inclusive */
  least: number
  most: number
  /** null: with or without */
  error: boolean | null
  /** of paths; null: any */
  url: string | null
}

/** Parses what a request has as `filter`; null: no filter. (`hint` came to decide nothing in the original: it is ignored.) */
export function parseFilter(filter: string | undefined): LinkCondition[] | null {
  if (filter === undefined || filter === '') return null
  const conditions = parseJson(filter)
  if (!Array.isArray(conditions)) throw bad('a list of conditions is wanted')
  return conditions.map(parseCondition)
}

function bad(why: string): BadRequest {
  return new BadRequest('bad_filter', `the parameter "filter" cannot be used: ${why}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(decodeURIComponent(text.replaceAll('+', ' ')))
  } catch {
    throw bad('it is no JSON')
  }
}

function parseCondition(given: unknown): LinkCondition {
  if (typeof given !== 'object' || given === null) throw bad('each condition is an object')
  const text = (key: string): string => {
    const value = (given as Record<string, unknown>)[key]
    return value === undefined || value === null ? '' : String(value)
  }
  const [fromName, toName] = [text('fa'), text('ta')]
  if ([fromName, toName, text('fst'), text('tst')].includes('')) throw bad('fa, fst, ta and tst are wanted')
  const [rf, rt] = [text('rf'), text('rt')]
  if ((rf === '') !== (rt === '')) throw bad('rf and rt belong together')
  const url = text('url')
  const ie = text('ie')
  return {
    ...{ fromName, toName, fromTypes: typesOf(text('fst')), toTypes: typesOf(text('tst')) },
    ...{ fromAgent: text('fan').trim(), toAgent: text('tan').trim() },
    least: rf === '' ? Number.NEGATIVE_INFINITY : milliseconds(rf),
    most: rt === '' || rt === 'max' ? Number.POSITIVE_INFINITY : milliseconds(rt),
    error: ie === '' ? null : ie === 'true',
    url: url === '' ? null : Buffer.from(url, 'base64').toString('utf8'),
  }
}

function milliseconds(text: string): number {
  if (/^-?\d{1,15}$/.test(text)) return Number(text)
  throw bad(`"${text.slice(0, 40)}" is no response time`)
}

function typesOf(desc: string): ServiceType[] {
  const types = serviceTypesShownAs(desc)
  if (types.length > 0) return types
  throw bad(`there is no service type "${desc.slice(0, 40)}"`)
}
