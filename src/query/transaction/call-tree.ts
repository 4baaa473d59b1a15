import type { Span, SpanEvent } from '../read/span.js'
import { appendTree, type CallNode, callNode, depthOf, lastSibling } from './call-node.js'

/** Depth of an event that is as deep as the one before it. */
const SAME_DEPTH = -1

/** The tree of one span, or of one asynchronous branch, while its events are put in. */
export interface CallTree {
  root: CallNode
  /** the last event */
  cursor: CallNode
}

/** Why an event does not fit behind the one before it: a packet is missing. */
export type Misfit = 'invalid depth' | 'invalid sequence'

export function newTree(span: Span): CallTree {
  const root = callNode(span, null, null)
  return { root, cursor: root }
}

/** Puts an event behind the last one. @returns why it does not fit, or null */
export function addEvent(tree: CallTree, span: Span, event: SpanEvent): Misfit | null {
  const { cursor } = tree
  if (event.sequence !== (cursor.event === null ? 0 : cursor.event.sequence + 1)) return 'invalid sequence'
  const here = depthOf(cursor)
  const before = placeBefore(cursor, here, event.depth)
  if (before === undefined) return 'invalid depth'
  if (before === 'child') {
    cursor.child = tree.cursor = callNode(span, event, cursor)
    return null
  }
  const last = lastSibling(before)
  last.sibling = tree.cursor = callNode(span, event, last.parent)
  return null
}

/** A node of the chain that an event of that depth comes to the end of; 'child': it begins one below the cursor. */
function placeBefore(cursor: CallNode, here: number, depth: number): CallNode | 'child' | undefined {
  if (depth === SAME_DEPTH || depth === here) return cursor.parent === null ? undefined : cursor
  if (depth > here) return depth > here + 1 ? undefined : (cursor.child ?? 'child')
  let above = cursor.parent
  while (above !== null && depthOf(above) !== depth) above = above.parent
  return above === null || above.parent === null ? undefined : above
}

/** Puts a tree below the last event. */
export function addTree(tree: CallTree, root: CallNode): void {
  appendTree(tree.cursor, root)
}
