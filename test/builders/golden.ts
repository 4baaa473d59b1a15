import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import type { QueryLimits } from '../../src/query/context.js'
import { formOf, parseAnswer, urlOf } from '../parity/fetch-json.js'
import type { Json } from '../parity/lossless-json.js'
import type { ApiRequest } from '../parity/requests.js'

const WIRE = new URL('../../../test/wire/', import.meta.url)

/** Answers of the original web (test/parity/record-golden.ts). */
export interface Golden {
  /** when they were recorded, ms */
  now: number
  answers: { request: ApiRequest; json: Json }[]
}

/** As the settings have them by default. */
export const GOLDEN_LIMITS: QueryLimits = {
  rangeMs: 48 * 3_600_000,
  points: 10_000,
  transactions: 10_000,
  rows: 500_000,
  bytes: 64 * 2 ** 20,
}

export function readGolden(): Golden {
  return JSON.parse(unzipped('read-api.json.gz')) as Golden
}

/** The rows that the answers were made of, one line a cell. */
export function goldenRows(): string[] {
  return unzipped('read-api.rows.gz').split('\n')
}

function unzipped(name: string): string {
  return gunzipSync(readFileSync(new URL(name, WIRE))).toString('utf8')
}

/** What a server answers to a request. */
export async function injectedJson(server: FastifyInstance, request: ApiRequest): Promise<Json> {
  const url = urlOf('', request)
  const { body } =
    request.form === undefined
      ? await server.inject({ method: 'GET', url })
      : await server.inject({
          method: 'POST',
          url,
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          payload: formOf(request.form).toString(),
        })
  return parseAnswer(body)
}
