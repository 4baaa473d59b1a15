import { randomUUID } from 'node:crypto'
import { type Answer, ask, basic } from './http.js'

// The calls of a Cloud Foundry cloud controller to a service broker: Open Service Broker API 2.14, with the headers, the
// query and the context that it sends.

const API_VERSION = '2.14'

export interface BrokerAddress {
  url: string
  user: string
  password: string
}

/** What an operator asks the platform for: one instance, one application bound to it. */
export interface Order {
  serviceId: string
  planId: string
  instanceName: string
  instanceId: string
  bindingId: string
  appId: string
  organizationId: string
  spaceId: string
}

/** A new order: all ids are fresh. */
export function newOrder(serviceId: string, planId: string, instanceName: string): Order {
  const [instanceId, bindingId, appId, organizationId, spaceId] = Array.from({ length: 5 }, () => randomUUID())
  return { serviceId, planId, instanceName, instanceId, bindingId, appId, organizationId, spaceId }
}

export interface Call {
  method: 'GET' | 'PUT' | 'DELETE'
  /** path and query */
  path: string
  body?: Record<string, unknown>
}

export function catalogCall(): Call {
  return { method: 'GET', path: '/v2/catalog' }
}

export function provisionCall(order: Order): Call {
  return {
    method: 'PUT',
    path: `/v2/service_instances/${order.instanceId}?accepts_incomplete=true`,
    body: {
      service_id: order.serviceId,
      plan_id: order.planId,
      organization_guid: order.organizationId,
      space_guid: order.spaceId,
      context: { ...context(order), instance_name: order.instanceName },
    },
  }
}

export function lastOperationCall(order: Order): Call {
  return { method: 'GET', path: `/v2/service_instances/${order.instanceId}/last_operation?${which(order)}` }
}

export function bindCall(order: Order, applicationName: string): Call {
  return {
    method: 'PUT',
    path: `${bindingPath(order)}?accepts_incomplete=true`,
    body: {
      service_id: order.serviceId,
      plan_id: order.planId,
      app_guid: order.appId,
      bind_resource: { app_guid: order.appId, space_guid: order.spaceId },
      context: context(order),
      parameters: { application_name: applicationName },
    },
  }
}

export function unbindCall(order: Order): Call {
  return { method: 'DELETE', path: `${bindingPath(order)}?${which(order)}&accepts_incomplete=true` }
}

export function deprovisionCall(order: Order): Call {
  return {
    method: 'DELETE',
    path: `/v2/service_instances/${order.instanceId}?${which(order)}&accepts_incomplete=true`,
  }
}

/** Sends a call as the platform does, or, without a password, as a stranger would. */
export function send(broker: BrokerAddress, call: Call, as: 'platform' | 'stranger' = 'platform'): Promise<Answer> {
  const identity = Buffer.from(JSON.stringify({ user_id: 'acceptance' })).toString('base64')
  return ask(broker.url + call.path, {
    method: call.method,
    headers: {
      accept: 'application/json',
      'x-broker-api-version': API_VERSION,
      'x-broker-api-originating-identity': `cloudfoundry ${identity}`,
      'x-broker-api-request-identity': randomUUID(),
      ...(as === 'platform' ? basic(broker.user, broker.password) : {}),
    },
    ...(call.body === undefined ? {} : { body: call.body }),
  })
}

function bindingPath(order: Order): string {
  return `/v2/service_instances/${order.instanceId}/service_bindings/${order.bindingId}`
}

function which(order: Order): string {
  return new URLSearchParams({ service_id: order.serviceId, plan_id: order.planId }).toString()
}

function context(order: Order): Record<string, string> {
  return {
    platform: 'cloudfoundry',
    organization_guid: order.organizationId,
    organization_name: 'acceptance',
    space_guid: order.spaceId,
    space_name: 'acceptance',
  }
}
