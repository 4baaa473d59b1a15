/** Request ids of one agent that still wait for an answer: a few, mostly none, so an array is smallest and fast. */
export class UnansweredRequests {
  private readonly ids: number[] = []

  get size(): number {
    return this.ids.length
  }

  add(requestId: number): void {
    this.ids.push(requestId)
  }

  /** False when no such request waits. */
  remove(requestId: number): boolean {
    const index = this.ids.indexOf(requestId)
    if (index < 0) return false
    const last = this.ids.pop()!
    if (index < this.ids.length) this.ids[index] = last
    return true
  }
}
