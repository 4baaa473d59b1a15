import { signal } from '@preact/signals'
import type { ApiError } from '../api/api-error.js'
import { type Application, getApplications } from '../api/applications.js'
import { asApiError } from './use-answer.js'

/** All applications that have reported, undefined before the first answer. */
export const applications = signal<readonly Application[] | undefined>(undefined)
export const applicationsError = signal<ApiError | undefined>(undefined)

/** While there is none, or the collector is away, it is asked so often. */
const WAITING_MS = 3_000
const USUAL_MS = 60_000

let timer: ReturnType<typeof setTimeout> | undefined

/** Asks now, and from then on again and again: new applications show up by themselves. */
export async function followApplications(): Promise<void> {
  clearTimeout(timer)
  try {
    applications.value = (await getApplications()).toSorted(byName)
    applicationsError.value = undefined
  } catch (error) {
    applicationsError.value = asApiError(error)
  }
  const known = applicationsError.value === undefined && applications.value!.length > 0
  timer = setTimeout(followApplications, known ? USUAL_MS : WAITING_MS)
}

function byName(a: Application, b: Application): number {
  return a.applicationName.localeCompare(b.applicationName) || a.serviceType.localeCompare(b.serviceType)
}
