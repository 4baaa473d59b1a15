import { PING, PING_SIMPLE } from './frame.js'

/** marks of wrong states that close a connection (spec: wire.md §1.4) */
const MAX_MISMATCHES = 5

/** What the pings of one connection have told; times are those of the monotonic clock. */
export class PingState {
  /** any ping or PONG arrived: the client lives and speaks the protocol */
  private heard = false
  /** our last ping, or when the connection was accepted */
  sentAt: number
  /** our 00c8 has no PONG yet; a 6-byte packet right behind it would be lost in the agent's reader */
  unanswered = false
  private mismatches = 0
  private sentLegacy = false
  private sentPayload = false

  /** `acceptedAt`: when the connection was accepted */
  constructor(private readonly acceptedAt: number) {
    this.sentAt = acceptedAt
  }

  /** Neither a ping nor an answer to ours for that long since the connection was accepted. */
  isSilent(now: number, limitMs: number): boolean {
    return !this.heard && now - this.acceptedAt >= limitMs
  }

  notePing(legacy: boolean): void {
    this.heard = true
    if (legacy) this.sentLegacy = true
    else this.sentPayload = true
  }

  notePong(): void {
    this.heard = true
    this.unanswered = false
  }

  /** The state in a ping equals ours, or not. False when the connection must be closed. */
  compare(equal: boolean): boolean {
    if (equal) this.mismatches = Math.max(0, this.mismatches - 1)
    else this.mismatches++
    return this.mismatches < MAX_MISMATCHES
  }

  /** The ping that this client understands: 00d2 closes a client of before 1.7, a lone 00c8 is good for all. */
  next(now: number): Buffer {
    const simple = this.sentPayload && !this.sentLegacy
    this.sentAt = now
    this.unanswered = !simple
    return simple ? PING_SIMPLE : PING
  }
}
