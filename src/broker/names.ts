/** Longest application name that agents start with, in bytes (spec: operations.md §7.6). */
export const MAX_NAME_LENGTH = 24

const ALLOWED = /^[A-Za-z0-9._-]+$/

export type NameResult = { name: string; cut: boolean } | { problem: string }

/** The application name that an agent will start with: long ones are cut, others that it would refuse are a problem. */
export function applicationName(given: unknown): NameResult {
  const cure = `give one, for instance: cf bind-service APP INSTANCE -c '{"application_name":"my-app"}'`
  if (given === undefined || given === null || given === '')
    return { problem: `parameters.application_name is missing; ${cure}` }
  if (typeof given !== 'string') return { problem: `parameters.application_name is no text; ${cure}` }
  if (!ALLOWED.test(given))
    return {
      problem: `parameters.application_name has characters that agents refuse; use A-Z, a-z, 0-9, ".", "_" and "-" only`,
    }
  // one byte a character, as ALLOWED says
  return { name: given.slice(0, MAX_NAME_LENGTH), cut: given.length > MAX_NAME_LENGTH }
}
