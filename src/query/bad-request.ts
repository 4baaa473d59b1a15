import { CollectorError } from '../errors.js'

/** A question that has no answer; the message says what may be asked. */
export class BadRequest extends CollectorError {
  constructor(
    readonly reason: string,
    message: string,
    /** of HTTP */
    readonly statusCode = 400,
  ) {
    super(`QUERY_${reason.toUpperCase()}`, message)
  }
}
