import { getJson } from './get-json.js'

export interface Application {
  applicationName: string
  serviceType: string
  code: number
}

export async function getApplications(signal?: AbortSignal): Promise<Application[]> {
  return getJson('applications.pinpoint', {}, signal)
}
