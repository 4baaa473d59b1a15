import { isObject, type Json } from './lossless-json.js'

// Order that means nothing is taken away: the original's comes from hash maps.

/** Keys whose lists have no order, with what sorts them. */
const UNORDERED = new Set([
  ...['nodeDataArray', 'linkDataArray', 'filterTargetRpcList', 'fromAgent', 'toAgent', 'dotList'],
  ...['serviceLibs', 'agents'],
])
/** Clock of the server. */
const MOVING = new Set(['currentServerTime'])

/** The same answer in an order of our own. */
export function canonical(json: Json, key = '', inScatter = false): Json {
  if (Array.isArray(json)) {
    const items = json.map((item) => canonical(item))
    return UNORDERED.has(key) || inScatter ? items.sort(byText) : items
  }
  if (!isObject(json)) return json
  const plain = 'metadata' in json && 'dotList' in json ? withAgents(json) : json
  const entries = Object.entries(plain).filter(([name]) => !MOVING.has(name))
  const points = key === 'scatter' && !('dotList' in json)
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => [name, canonical(value, name, points)]),
  )
}

function byText(a: Json, b: Json): number {
  const [x, y] = [JSON.stringify(a), JSON.stringify(b)]
  return x < y ? -1 : x > y ? 1 : 0
}

/** Points name agents by numbers that each answer gives anew. */
function withAgents(scatter: { [key: string]: Json }): { [key: string]: Json } {
  const agents = scatter.metadata as { [key: string]: Json }
  const points = scatter.dotList as Json[][]
  const named = points.map((point) => point.map((part, i) => (i === 2 ? agents[String(part)] : part)))
  return { ...scatter, metadata: Object.values(agents).sort(byText), dotList: named }
}

export interface Difference {
  path: string
  ours: Json | undefined
  original: Json | undefined
}

/** Where two answers are not alike, at most `most` places. */
export function differences(ours: Json | undefined, original: Json | undefined, most: number, path = ''): Difference[] {
  if (Array.isArray(ours) && Array.isArray(original)) {
    const out: Difference[] = []
    if (ours.length !== original.length)
      out.push({ path: `${path}.length`, ours: ours.length, original: original.length })
    for (let i = 0; i < Math.min(ours.length, original.length) && out.length < most; i++) {
      out.push(...differences(ours[i], original[i], most - out.length, `${path}[${i}]`))
    }
    return out
  }
  if (isObject(ours) && isObject(original)) {
    const out: Difference[] = []
    for (const key of Object.keys({ ...original, ...ours })) {
      if (out.length < most) out.push(...differences(ours[key], original[key], most - out.length, `${path}.${key}`))
    }
    return out
  }
  return Object.is(ours, original) ? [] : [{ path, ours, original }]
}
