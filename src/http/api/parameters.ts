import { BadRequest } from '../../query/bad-request.js'

/** Parameters of a request, as the query string or the form has them. */
export class Parameters {
  constructor(private readonly given: Record<string, unknown>) {}

  has(name: string): boolean {
    return this.given[name] !== undefined
  }

  /** The first value of that name. */
  optional(name: string): string | undefined {
    const value = this.given[name]
    const first: unknown = Array.isArray(value) ? value[0] : value
    return typeof first === 'string' ? first : undefined
  }

  text(name: string): string {
    const value = this.optional(name)
    if (value === undefined) throw new BadRequest('missing_parameter', `the parameter "${name}" is missing`)
    return value
  }

  /** A whole number; the fallback stands in for a missing one, without it one must be given. */
  whole(name: string, fallback?: number): number {
    const text = fallback === undefined ? this.text(name) : this.optional(name)
    if (text === undefined || text === '') {
      if (fallback !== undefined) return fallback
      throw new BadRequest('bad_parameter', `the parameter "${name}" is empty; a whole number is wanted`)
    }
    const value = Number(text)
    if (/^[+-]?\d{1,16}$/.test(text) && Number.isSafeInteger(value)) return value
    throw new BadRequest('bad_parameter', `the parameter "${name}" is "${text.slice(0, 40)}"; a whole number is wanted`)
  }

  /** A number above 0. */
  positive(name: string): number {
    const value = this.whole(name)
    if (value > 0) return value
    throw new BadRequest('bad_parameter', `the parameter "${name}" is ${value}; a number above 0 is wanted`)
  }

  flag(name: string, fallback: boolean): boolean {
    const text = this.optional(name)?.toLowerCase()
    if (text === undefined || text === '') return fallback
    if (['true', 'on', 'yes', '1'].includes(text)) return true
    if (['false', 'off', 'no', '0'].includes(text)) return false
    throw new BadRequest('bad_parameter', `the parameter "${name}" is "${text.slice(0, 40)}"; true or false is wanted`)
  }

  /** Whole numbers with commas between. */
  wholes(name: string): number[] {
    const value = this.given[name]
    const texts = (Array.isArray(value) ? value : [value]).flatMap((v) => (typeof v === 'string' ? v.split(',') : []))
    return texts.filter((text) => text.trim() !== '').map((text) => new Parameters({ [name]: text.trim() }).whole(name))
  }
}
