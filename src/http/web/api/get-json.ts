import { ApiError, errorOf } from './api-error.js'

export type Query = Record<string, string | number | boolean>

/** Paths are relative to the page, so that it also works behind a prefix of a proxy. */
export async function getJson<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString()
  return request<T>(search === '' ? path : `${path}?${search}`, { signal: signal ?? null })
}

export async function postForm<T>(path: string, form: URLSearchParams, signal?: AbortSignal): Promise<T> {
  return request<T>(path, { method: 'POST', body: form, signal: signal ?? null })
}

async function request<T>(url: string, init: RequestInit): Promise<T> {
  let response: Response
  try {
    response = await fetch(url, { ...init, credentials: 'same-origin', headers: { accept: 'application/json' } })
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw new ApiError('unreachable', '')
  }
  const body = await bodyOf(response, init.signal)
  const error = errorOf(response.status, body)
  if (error !== undefined) throw error
  return body as T
}

async function bodyOf(response: Response, signal: AbortSignal | null | undefined): Promise<unknown> {
  try {
    return await response.json()
  } catch (error) {
    if (signal?.aborted) throw error
    if (response.ok) throw new ApiError('failed', `${response.url} did not answer JSON`, response.status)
    return undefined
  }
}
