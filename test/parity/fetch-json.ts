import { addCounts, type Json, parseLossless } from './lossless-json.js'
import type { ApiRequest } from './requests.js'

export interface Answer {
  json: Json
  /** an error: the original answers it with status 200 */
  failed: boolean
  ms: number
}

export function urlOf(base: string, { route, query }: ApiRequest): string {
  return `${base}/${route}.pinpoint?${formOf(query)}`
}

export function formOf(values: Record<string, string | number>): URLSearchParams {
  return new URLSearchParams(Object.entries(values).map(([name, value]): [string, string] => [name, String(value)]))
}

export async function fetchJson(base: string, request: ApiRequest): Promise<Answer> {
  const started = performance.now()
  const form = request.form && formOf(request.form)
  const response = await fetch(urlOf(base, request), form === undefined ? {} : { method: 'POST', body: form })
  const text = await response.text()
  const json = parseAnswer(text)
  const failed = !response.ok || (typeof json === 'object' && json !== null && 'exception' in json)
  return { json, failed, ms: performance.now() - started }
}

/** What is no JSON is taken as text. */
export function parseAnswer(text: string): Json {
  try {
    return text === '' ? null : parseLossless(text, addCounts)
  } catch {
    return text
  }
}
