import { parse } from 'node:querystring'
import type { FastifyInstance } from 'fastify'
import { addAdminRoutes, addAgentRoutes } from './agent-routes.js'
import { addFilteredMapRoutes } from './filtered-map-routes.js'
import { forwardedRoutes, type ReaderSocket } from './forwarded.js'
import { addMapRoutes } from './map-routes.js'
import { type AddRoute, type ApiOptions, routesOf } from './route.js'
import { addScatterRoutes } from './scatter-routes.js'

const FORM = 'application/x-www-form-urlencoded'
/** Names in one form: three for each of 10,000 selected points. */
const MAX_FORM_NAMES = 40_000

/** The read API: routes, parameters and JSON of pinpoint-web 1.5.2 (spec: storage.md §9). */
export function addApi(server: FastifyInstance, options: ApiOptions): void {
  server.addContentTypeParser(FORM, { parseAs: 'string' }, (_request, body, done) => {
    done(null, parse(String(body), '&', '=', { maxKeys: MAX_FORM_NAMES }))
  })
  addRoutes(routesOf(server, options))
}

/** The same routes, answered by a process that has them. */
export function addForwardedApi(server: FastifyInstance, reader: ReaderSocket): void {
  server.addContentTypeParser(FORM, (_request, payload, done) => done(null, payload))
  addRoutes(forwardedRoutes(server, reader))
}

function addRoutes(add: AddRoute): void {
  add('serverTime', async (query) => ({ currentServerTime: query.now }))
  add('configuration', async () => ({ editUserInfo: false, sendUsage: false, showActiveThread: false }))
  addAgentRoutes(add)
  addMapRoutes(add)
  addScatterRoutes(add)
  addFilteredMapRoutes(add)
  addAdminRoutes(add)
}
