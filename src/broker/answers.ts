/** Status and body of an answer. */
export interface Answer {
  status: number
  body: object
  /** a line for the log */
  remark?: string
}

/** A refusal. @param error the word of the API for the named cases, such as MaintenanceInfoConflict */
export function refusal(status: number, description: string, error?: string): Answer {
  return { status, body: error === undefined ? { description } : { error, description } }
}

export const GONE: Answer = { status: 410, body: {} }
