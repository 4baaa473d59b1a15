import type { Span, SpanEvent } from '../read/span.js'
import { isAsync } from '../read/span.js'

/**
 * One call in the tree: a span, or an event of it. Children are a chain: `child` is the first, `sibling` the next one.
 *
 *   parent ← node → sibling → …
 *             ↓
 *           child
 */
export interface CallNode {
  span: Span
  /** null: the span itself */
  event: SpanEvent | null
  parent: CallNode | null
  child: CallNode | null
  sibling: CallNode | null
  /** the chain's end when it was last looked for: where to go on from */
  tail: CallNode | null
}

export function callNode(span: Span, event: SpanEvent | null, parent: CallNode | null): CallNode {
  return { span, event, parent, child: null, sibling: null, tail: null }
}

export function startOf({ span, event }: CallNode): number {
  return span.startTime + (event?.startElapsed ?? 0)
}

export function elapsedOf({ span, event }: CallNode): number {
  return event?.endElapsed ?? span.elapsed
}

export function endOf(node: CallNode): number {
  return startOf(node) + elapsedOf(node)
}

/** The first event of an asynchronous branch. */
export function isAsyncFirst({ event }: CallNode): boolean {
  return event !== null && isAsync(event) && event.sequence === 0
}

export function depthOf(node: CallNode): number {
  let depth = 0
  for (let above = node.parent; above !== null; above = above.parent) depth++
  return depth
}

export function lastSibling(node: CallNode): CallNode {
  let last = node.tail ?? node
  while (last.sibling !== null) last = last.sibling
  node.tail = last
  return last
}

/** Puts a tree at the end of a node's children. */
export function appendTree(to: CallNode, root: CallNode): void {
  if (to.child === null) {
    root.parent = to
    to.child = root
    return
  }
  const last = lastSibling(to.child)
  root.parent = last.parent
  last.sibling = root
}
