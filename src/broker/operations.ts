import { type Answer, GONE, refusal } from './answers.js'
import type { BrokerState, ServiceBinding, ServiceInstance } from './broker-state.js'
import { canonicalJson } from './canonical-json.js'
import { PLAN_ID, SERVICE_ID } from './catalog.js'
import { type CollectorPorts, credentialsFor } from './credentials.js'
import { applicationName } from './names.js'
import { leastBound } from './placement.js'
import type { BindBody, DeleteQuery, MaintenanceInfo, Parameters, ProvisionBody, UpdateBody } from './requests.js'

// What each call of the platform does to the state, and its answer (spec: operations.md §7.3-7.8). Nothing here waits or
// writes; a call changes the state last, after all that could refuse it.

/** What the operator set. */
export interface Offer {
  /** collectors in configured order, at least one */
  collectors: readonly string[]
  ports: CollectorPorts
  /** null: the platform shows none */
  dashboardUrl: string | null
  /** instances and bindings together */
  maxRecords: number
}

/** Characters of canonical JSON. */
const MAX_PARAMETERS_LENGTH = 4096

export function provision(state: BrokerState, offer: Offer, id: string, body: ProvisionBody): Answer {
  const problem = catalogProblem(body.service_id, body.plan_id) ?? maintenanceProblem(body.maintenance_info)
  if (problem !== undefined) return problem
  const parameters = parametersText(body.parameters)
  if (typeof parameters !== 'string') return parameters
  const wanted: ServiceInstance = {
    id,
    serviceId: body.service_id,
    planId: body.plan_id,
    organizationGuid: body.organization_guid,
    spaceGuid: body.space_guid,
    parameters,
  }
  const answer = offer.dashboardUrl === null ? {} : { dashboard_url: offer.dashboardUrl }
  const known = state.instances.get(id)
  if (known !== undefined) {
    if (sameInstance(known, wanted)) return { status: 200, body: answer }
    return refusal(409, `service instance ${id} exists with another service, plan, organization, space or parameters`)
  }
  if (isFull(state, offer)) return fullRefusal(offer)
  state.addInstance(wanted)
  return { status: 201, body: answer }
}

/** Neither plan nor parameters of an instance can be changed; a call that changes nothing is right. */
export function update(state: BrokerState, id: string, body: UpdateBody): Answer {
  const instance = state.instances.get(id)
  if (instance === undefined) return unknownInstance(id)
  if (body.service_id !== SERVICE_ID) return unknownService(body.service_id)
  const problem = maintenanceProblem(body.maintenance_info)
  if (problem !== undefined) return problem
  if ((body.plan_id ?? instance.planId) !== instance.planId)
    return refusal(422, 'the plan cannot be changed: there is only one')
  const parameters = parametersText(body.parameters)
  if (typeof parameters !== 'string') return parameters
  if (parameters !== '{}' && parameters !== instance.parameters)
    return refusal(422, 'the parameters of a service instance cannot be changed; bindings have parameters of their own')
  return { status: 200, body: {} }
}

export function deprovision(state: BrokerState, id: string, query: DeleteQuery): Answer {
  const instance = state.instances.get(id)
  if (instance === undefined) return GONE
  const problem = catalogProblem(query.service_id, query.plan_id)
  if (problem !== undefined) return problem
  const orphans = state.removeInstance(id)
  const remark = `service instance ${id} was deleted with ${orphans} bindings that the platform had not removed`
  return { status: 200, body: {}, ...(orphans === 0 ? {} : { remark }) }
}

export function bind(state: BrokerState, offer: Offer, instanceId: string, id: string, body: BindBody): Answer {
  const problem = catalogProblem(body.service_id, body.plan_id)
  if (problem !== undefined) return problem
  const parameters = parametersText(body.parameters)
  if (typeof parameters !== 'string') return parameters
  const application = applicationName(body.parameters?.application_name)
  if ('problem' in application) return refusal(400, application.problem)
  if (!state.instances.has(instanceId)) return unknownInstance(instanceId)
  const asked = {
    id,
    instanceId,
    serviceId: body.service_id,
    planId: body.plan_id,
    appGuid: body.bind_resource?.app_guid || body.app_guid || null,
    parameters,
  }
  const known = state.bindings.get(id)
  if (known !== undefined) {
    if (sameBinding(known, asked)) return { status: 200, body: bindingBody(known) }
    return refusal(
      409,
      `service binding ${id} exists with another instance, plan, app or parameters (its instance: ${known.instanceId})`,
    )
  }
  if (isFull(state, offer)) return fullRefusal(offer)
  const host = leastBound(offer.collectors, state.bindingsByHost)
  const binding = { ...asked, credentials: credentialsFor(application.name, host, offer.ports) }
  state.addBinding(binding)
  const remark = `application_name of binding ${id} was cut to "${application.name}": agents take no more`
  return { status: 201, body: bindingBody(binding), ...(application.cut ? { remark } : {}) }
}

export function unbind(state: BrokerState, instanceId: string, id: string, query: DeleteQuery): Answer {
  const binding = findBinding(state, instanceId, id)
  if (binding === undefined) return GONE
  const problem = catalogProblem(query.service_id, query.plan_id)
  if (problem !== undefined) return problem
  state.removeBinding(id)
  return { status: 200, body: {} }
}

export function fetchInstance(state: BrokerState, offer: Offer, id: string): Answer {
  const instance = state.instances.get(id)
  if (instance === undefined) return unknownInstance(id)
  const { serviceId: service_id, planId: plan_id, parameters } = instance
  const dashboard = offer.dashboardUrl === null ? {} : { dashboard_url: offer.dashboardUrl }
  return { status: 200, body: { service_id, plan_id, ...dashboard, parameters: JSON.parse(parameters) } }
}

export function fetchBinding(state: BrokerState, instanceId: string, id: string): Answer {
  const binding = findBinding(state, instanceId, id)
  if (binding === undefined) return refusal(404, `there is no service binding ${id} of service instance ${instanceId}`)
  return { status: 200, body: { ...bindingBody(binding), parameters: JSON.parse(binding.parameters) } }
}

/** All calls are done when they are answered. */
export function lastOperation(found: boolean): Answer {
  return found ? { status: 200, body: { state: 'succeeded' } } : GONE
}

/** The binding, if it belongs to the instance. */
export function findBinding(state: BrokerState, instanceId: string, id: string): ServiceBinding | undefined {
  const binding = state.bindings.get(id)
  return binding?.instanceId === instanceId ? binding : undefined
}

function bindingBody({ credentials }: ServiceBinding): object {
  return { credentials, syslog_drain_url: null }
}

function sameInstance(a: ServiceInstance, b: ServiceInstance): boolean {
  const keys = ['serviceId', 'planId', 'organizationGuid', 'spaceGuid', 'parameters'] as const
  return keys.every((key) => a[key] === b[key])
}

function sameBinding(a: ServiceBinding, b: Omit<ServiceBinding, 'credentials'>): boolean {
  const keys = ['instanceId', 'serviceId', 'planId', 'appGuid', 'parameters'] as const
  return keys.every((key) => a[key] === b[key])
}

function catalogProblem(serviceId: string, planId: string): Answer | undefined {
  if (serviceId !== SERVICE_ID) return unknownService(serviceId)
  if (planId !== PLAN_ID) return refusal(400, `ServicePlan does not exist: id = ${planId}`)
  return undefined
}

function unknownService(id: string): Answer {
  return refusal(400, `ServiceDefinition does not exist: id = ${id}`)
}

function unknownInstance(id: string): Answer {
  return refusal(404, `there is no service instance ${id}; create it first`)
}

/** The catalog has no maintenance versions, so none can be right. */
function maintenanceProblem(info: MaintenanceInfo | null | undefined): Answer | undefined {
  if (info?.version === undefined) return undefined
  return refusal(
    422,
    'the plan has no maintenance_info; read the catalog again (cf update-service-broker)',
    'MaintenanceInfoConflict',
  )
}

/** Text that is equal for equal parameters; none are the same as {}. */
function parametersText(parameters: Parameters): string | Answer {
  const text = canonicalJson(parameters ?? {})
  if (text !== undefined && text.length <= MAX_PARAMETERS_LENGTH) return text
  return refusal(400, `parameters are too deep or longer than ${MAX_PARAMETERS_LENGTH} characters of JSON; give fewer`)
}

function isFull(state: BrokerState, offer: Offer): boolean {
  return state.instances.size + state.bindings.size >= offer.maxRecords
}

function fullRefusal({ maxRecords }: Offer): Answer {
  return refusal(
    422,
    `the broker has ${maxRecords} instances and bindings; delete some, or ask its operator to raise broker.maxRecords`,
  )
}
