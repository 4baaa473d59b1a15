import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { Registry } from 'prom-client'
import { BrokerState } from '../../src/broker/broker-state.js'
import { PLAN_ID, SERVICE_ID } from '../../src/broker/catalog.js'
import { Instances } from '../../src/broker/instances.js'
import type { Offer } from '../../src/broker/operations.js'
import { createBrokerServer } from '../../src/broker/server.js'
import type { StateStore } from '../../src/broker/state-file.js'
import { decodeState, encodeState } from '../../src/broker/state-text.js'

// A broker without a process or a port, and a platform that calls it.

export const HOSTS = ['10.30.70.45', '10.30.70.46']
export const DASHBOARD = 'http://115.68.46.182:80/#/main'
export const OFFER: Offer = {
  collectors: HOSTS,
  ports: { tcp: 29994, stat: 29995, span: 29996 },
  dashboardUrl: DASHBOARD,
  maxRecords: 10_000,
}
export const USER = 'admin'
export const PASSWORD = 'päss:word'
export const AUTHORIZATION = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`

/** Keeps the text of the state; says how often it was written; fails when told to. */
export class MemoryStore implements StateStore {
  text = encodeState(new BrokerState())
  writes = 0
  failure: Error | undefined

  async write(state: BrokerState): Promise<number> {
    const text = encodeState(state)
    // as long as a disk may take: several turns of the event loop
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
    if (this.failure !== undefined) throw this.failure
    this.writes++
    this.text = text
    return text.length
  }
}

export interface TestBroker {
  server: FastifyInstance
  store: MemoryStore
  instances: Instances
  log: { level: string; fields: object; text: string }[]
}

export interface TestBrokerOptions {
  offer?: Partial<Offer>
  store?: MemoryStore
  maxPending?: number
}

/** A broker that begins with what the store holds. */
export function testBroker({
  offer = {},
  store = new MemoryStore(),
  maxPending = 1000,
}: TestBrokerOptions = {}): TestBroker {
  const instances = new Instances(store, decodeState(store.text), store.text.length, maxPending)
  const log: TestBroker['log'] = []
  const write =
    (level: string) =>
    (...args: unknown[]): void => {
      const text = String(args.at(-1))
      log.push({ level, fields: args.length > 1 ? (args[0] as object) : {}, text })
    }
  const server = createBrokerServer({
    instances,
    offer: { ...OFFER, ...offer },
    user: USER,
    password: PASSWORD,
    version: '0',
    registry: new Registry(),
    log: { info: write('info'), warn: write('warn'), error: write('error') },
  })
  return { server, store, instances, log }
}

export interface PlatformAnswer {
  status: number
  body: unknown
  headers: LightMyRequestResponse['headers']
}

export interface Call {
  method: 'GET' | 'PUT' | 'PATCH' | 'DELETE' | 'POST'
  path: string
  /** an object as JSON, or text as it is */
  body?: object | string
  /** besides, or in place of, those that every call has; undefined leaves one out */
  headers?: Record<string, string | undefined>
}

/** The headers of a call as Cloud Foundry makes it. */
export function platformHeaders(
  hasBody: boolean,
  replaced: Record<string, string | undefined> = {},
): Record<string, string> {
  const all = {
    accept: 'application/json',
    authorization: AUTHORIZATION,
    'x-broker-api-version': '2.15',
    ...(hasBody ? { 'content-type': 'application/json' } : {}),
    ...replaced,
  }
  return Object.fromEntries(Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined))
}

export async function call(server: FastifyInstance, { method, path, body, headers }: Call): Promise<PlatformAnswer> {
  const answer = await server.inject({
    method,
    url: path,
    headers: platformHeaders(body !== undefined, headers),
    ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const isJson = String(answer.headers['content-type']).startsWith('application/json')
  return { status: answer.statusCode, body: isJson ? answer.json() : answer.body, headers: answer.headers }
}

export const NAMED = `service_id=${SERVICE_ID}&plan_id=${PLAN_ID}`

export const instancePath = (id: string): string => `/v2/service_instances/${id}`
export const bindingPath = (instance: string, id: string): string => `${instancePath(instance)}/service_bindings/${id}`

export function provisionCall(id: string, replaced: object = {}): Call {
  const ids = { service_id: SERVICE_ID, plan_id: PLAN_ID, organization_guid: 'org-1', space_guid: 'space-1' }
  return { method: 'PUT', path: instancePath(id), body: { ...ids, parameters: {}, ...replaced } }
}

export function bindCall(instance: string, id: string, replaced: object = {}): Call {
  const ids = { service_id: SERVICE_ID, plan_id: PLAN_ID, app_guid: 'app-1', bind_resource: { app_guid: 'app-1' } }
  const parameters = { application_name: 'spring-music' }
  return { method: 'PUT', path: bindingPath(instance, id), body: { ...ids, parameters, ...replaced } }
}

export function deprovisionCall(id: string, query = NAMED): Call {
  return { method: 'DELETE', path: `${instancePath(id)}?${query}` }
}

export function unbindCall(instance: string, id: string, query = NAMED): Call {
  return { method: 'DELETE', path: `${bindingPath(instance, id)}?${query}` }
}
