import type { FastifyInstance, FastifyReply, HTTPMethods } from 'fastify'
import type { Answer } from './answers.js'
import { refusal } from './answers.js'
import type { BrokerState } from './broker-state.js'
import { CATALOG } from './catalog.js'
import type { Instances } from './instances.js'
import {
  bind,
  deprovision,
  fetchBinding,
  fetchInstance,
  findBinding,
  lastOperation,
  type Offer,
  provision,
  unbind,
  update,
} from './operations.js'
import {
  BIND_BODY,
  type BindBody,
  type BindingParams,
  DELETE_QUERY,
  type DeleteQuery,
  type InstanceParams,
  PROVISION_BODY,
  type ProvisionBody,
  UPDATE_BODY,
  type UpdateBody,
} from './requests.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** label of the metrics */
    operation?: string
    /** changes the state: worth a line in the log */
    audited?: boolean
  }
}

const INSTANCE = '/v2/service_instances/:instance_id'
const BINDING = `${INSTANCE}/service_bindings/:binding_id`

export interface RouteOptions {
  instances: Instances
  offer: Offer
  /** something about a call that its answer does not say */
  remark: (text: string) => void
}

type OneInstance = { Params: InstanceParams }
type OneBinding = { Params: BindingParams }

/** The routes of the Open Service Broker API; every call is done when it is answered. */
export function addBrokerRoutes(server: FastifyInstance, { instances, offer, remark }: RouteOptions): void {
  /** Changes wait for the disk. */
  const change = async (reply: FastifyReply, work: (draft: BrokerState) => Answer): Promise<object> => {
    const answer = await instances.run(work)
    if (answer.remark !== undefined) remark(answer.remark)
    return give(reply, answer)
  }
  const written = (operation: string): { operation: string; audited: boolean } => ({ operation, audited: true })

  server.get('/v2/catalog', { config: { operation: 'catalog' } }, async () => CATALOG)

  server.put<OneInstance & { Body: ProvisionBody }>(
    INSTANCE,
    { config: written('provision'), schema: { body: PROVISION_BODY } },
    (request, reply) => change(reply, (draft) => provision(draft, offer, request.params.instance_id, request.body)),
  )
  server.patch<OneInstance & { Body: UpdateBody }>(
    INSTANCE,
    { config: written('update'), schema: { body: UPDATE_BODY } },
    (request, reply) => change(reply, (draft) => update(draft, request.params.instance_id, request.body)),
  )
  server.delete<OneInstance & { Querystring: DeleteQuery }>(
    INSTANCE,
    { config: written('deprovision'), schema: { querystring: DELETE_QUERY } },
    (request, reply) => change(reply, (draft) => deprovision(draft, request.params.instance_id, request.query)),
  )
  server.get<OneInstance>(INSTANCE, { config: { operation: 'fetch_instance' } }, async (request, reply) =>
    give(reply, fetchInstance(instances.state, offer, request.params.instance_id)),
  )
  server.get<OneInstance>(
    `${INSTANCE}/last_operation`,
    { config: { operation: 'last_operation' } },
    async (request, reply) => give(reply, lastOperation(instances.state.instances.has(request.params.instance_id))),
  )

  server.put<OneBinding & { Body: BindBody }>(
    BINDING,
    { config: written('bind'), schema: { body: BIND_BODY } },
    ({ params, body }, reply) =>
      change(reply, (draft) => bind(draft, offer, params.instance_id, params.binding_id, body)),
  )
  server.delete<OneBinding & { Querystring: DeleteQuery }>(
    BINDING,
    { config: written('unbind'), schema: { querystring: DELETE_QUERY } },
    ({ params, query }, reply) => change(reply, (draft) => unbind(draft, params.instance_id, params.binding_id, query)),
  )
  server.get<OneBinding>(BINDING, { config: { operation: 'fetch_binding' } }, async ({ params }, reply) =>
    give(reply, fetchBinding(instances.state, params.instance_id, params.binding_id)),
  )
  server.get<OneBinding>(
    `${BINDING}/last_operation`,
    { config: { operation: 'last_operation' } },
    async ({ params }, reply) =>
      give(reply, lastOperation(findBinding(instances.state, params.instance_id, params.binding_id) !== undefined)),
  )

  refuseOtherMethods(server, '/v2/catalog', ['GET'])
  refuseOtherMethods(server, INSTANCE, ['GET', 'PUT', 'PATCH', 'DELETE'])
  refuseOtherMethods(server, BINDING, ['GET', 'PUT', 'DELETE'])
  refuseOtherMethods(server, `${INSTANCE}/last_operation`, ['GET'])
  refuseOtherMethods(server, `${BINDING}/last_operation`, ['GET'])
}

function give(reply: FastifyReply, answer: Answer): object {
  reply.code(answer.status)
  return answer.body
}

const METHODS: readonly HTTPMethods[] = ['GET', 'PUT', 'PATCH', 'DELETE', 'POST', 'OPTIONS']

function refuseOtherMethods(server: FastifyInstance, url: string, allowed: readonly HTTPMethods[]): void {
  const { status, body } = refusal(405, `This path takes ${allowed.join(', ')} only.`)
  server.route({
    method: METHODS.filter((m) => !allowed.includes(m)),
    url,
    // before a body is read
    onRequest: (_request, reply, _done) => void reply.code(status).header('allow', allowed.join(', ')).send(body),
    handler: async () => body,
  })
}
