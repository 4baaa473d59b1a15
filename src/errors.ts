/** Base of our errors: `code` is stable, the message tells the operator what to do. */
export class CollectorError extends Error {
  constructor(
    readonly code: string,
    message: string,
    /** the same input may succeed later */
    readonly retriable = false,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = new.target.name
  }
}

/** Bytes that are not what the wire grammar allows. `offset` counts from the first byte of the message, `field` is Struct.id. */
export class DecodeError extends CollectorError {
  constructor(
    code: string,
    message: string,
    readonly offset: number,
    readonly field = '',
  ) {
    super(code, field === '' ? `${message} at byte ${offset}` : `${message} at byte ${offset}, field ${field}`)
  }
}

/** A decoded message that no row can be made of; `reason` labels the drop counter. */
export class RowError extends CollectorError {
  constructor(
    readonly reason: string,
    message: string,
  ) {
    super(`ROW_${reason.toUpperCase()}`, message)
  }
}

/** A store's refusal; `retriable` decides what the batcher does, `reason` labels the drop counter. */
export class StoreError extends CollectorError {
  constructor(
    readonly reason: string,
    message: string,
    retriable: boolean,
    options?: ErrorOptions,
  ) {
    super(`STORE_${reason.toUpperCase()}`, message, retriable, options)
  }
}

/** Settings that cannot work: exit code 2. */
export class SettingsError extends CollectorError {
  constructor(
    message: string,
    readonly key = '',
  ) {
    super('BAD_SETTINGS', message)
  }
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
