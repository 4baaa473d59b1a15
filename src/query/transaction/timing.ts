import { type CallNode, depthOf, elapsedOf, endOf, isAsyncFirst, startOf } from './call-node.js'

/** A call in the order in which a tree is shown, with what its place in the tree tells. */
export interface TimedCall {
  node: CallNode
  depth: number
  /** from the end of what was before it, or the start of what it is in, ms */
  gap: number
  /** without its children, ms */
  self: number
}

/** The calls of a tree from top to bottom. */
export function timedCalls(root: CallNode): TimedCall[] {
  const calls: TimedCall[] = []
  const before = new Map<CallNode, CallNode>()
  const left: CallNode[] = [root]
  let last: CallNode | undefined
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    calls.push({ node, depth: depthOf(node), gap: gapOf(node, last, before), self: selfOf(node) })
    last = node
    if (node !== root && node.sibling !== null) {
      before.set(node.sibling, node)
      left.push(node.sibling)
    }
    if (node.child !== null) left.push(node.child)
  }
  return calls
}

function gapOf(node: CallNode, last: CallNode | undefined, before: Map<CallNode, CallNode>): number {
  if (last === undefined || node.parent === null) return 0
  if (!isAsyncFirst(node)) return startOf(node) - endBefore(node, last, before)
  const caller = asyncCaller(node)
  return caller === null ? 0 : startOf(node) - startOf(caller)
}

/** When the call before ended, asynchronous ones apart; the start of the parent when there is none. */
function endBefore(node: CallNode, last: CallNode, before: Map<CallNode, CallNode>): number {
  const depth = depthOf(node)
  if (depthOf(last) < depth) return startOf(last)
  let previous: CallNode | undefined = depthOf(last) > depth ? before.get(node) : last
  while (previous !== undefined && isAsyncFirst(previous)) previous = before.get(previous)
  return previous === undefined ? startOf(node.parent!) : endOf(previous)
}

/** The event that began an asynchronous branch. */
function asyncCaller(node: CallNode): CallNode | null {
  const id = node.event?.asyncId
  let above = node.parent
  while (above !== null && above.parent !== null) {
    if (above.event !== null && above.event.nextAsyncId === id) return above
    above = above.parent
  }
  return null
}

function selfOf(node: CallNode): number {
  let self = elapsedOf(node)
  for (let child = node.child; child !== null; child = child.sibling) {
    if (child.event !== null && !isAsyncFirst(child)) self -= elapsedOf(child)
  }
  return self
}
