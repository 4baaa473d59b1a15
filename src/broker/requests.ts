// Bodies and queries of the platform, as JSON schemas for fastify and as types. Fields that are not named here are ignored,
// as the API demands (Open Service Broker API 2.17, "Vendor Extension Fields").

/** Longest id and name. */
export const MAX_ID_LENGTH = 255

const text = { type: 'string', minLength: 1, maxLength: MAX_ID_LENGTH }
const optionalText = { type: ['string', 'null'], maxLength: MAX_ID_LENGTH }
const optionalObject = { type: ['object', 'null'] }
const maintenanceInfo = { type: ['object', 'null'] }

export type Parameters = Readonly<Record<string, unknown>> | null | undefined

export interface MaintenanceInfo {
  version?: unknown
}

export interface ProvisionBody {
  service_id: string
  plan_id: string
  organization_guid: string
  space_guid: string
  parameters?: Parameters
  maintenance_info?: MaintenanceInfo | null
}

export interface UpdateBody {
  service_id: string
  plan_id?: string | null
  parameters?: Parameters
  maintenance_info?: MaintenanceInfo | null
}

export interface BindBody {
  service_id: string
  plan_id: string
  app_guid?: string | null
  bind_resource?: { app_guid?: string | null } | null
  parameters?: Parameters
}

/** Which service and plan an instance or binding that is deleted had. */
export interface DeleteQuery {
  service_id: string
  plan_id: string
}

export interface InstanceParams {
  instance_id: string
}

export interface BindingParams extends InstanceParams {
  binding_id: string
}

export const PROVISION_BODY = {
  type: 'object',
  required: ['service_id', 'plan_id', 'organization_guid', 'space_guid'],
  properties: {
    service_id: text,
    plan_id: text,
    organization_guid: text,
    space_guid: text,
    parameters: optionalObject,
    maintenance_info: maintenanceInfo,
  },
}

export const UPDATE_BODY = {
  type: 'object',
  required: ['service_id'],
  properties: {
    service_id: text,
    plan_id: optionalText,
    parameters: optionalObject,
    maintenance_info: maintenanceInfo,
  },
}

export const BIND_BODY = {
  type: 'object',
  required: ['service_id', 'plan_id'],
  properties: {
    service_id: text,
    plan_id: text,
    app_guid: optionalText,
    bind_resource: { type: ['object', 'null'], properties: { app_guid: optionalText } },
    parameters: optionalObject,
  },
}

export const DELETE_QUERY = {
  type: 'object',
  required: ['service_id', 'plan_id'],
  properties: { service_id: text, plan_id: text },
}
