import { BadRequest } from '../bad-request.js'
import { isAsync, isRoot, type Span, type SpanEvent } from '../read/span.js'
import { type CallNode, callNode } from './call-node.js'
import { addEvent, addTree, type CallTree, newTree } from './call-tree.js'
import { corruptedEvent } from './corrupted-event.js'
import { nearestSpan } from './nearest-span.js'
import { sortChildren } from './sort-children.js'

/** Calls of one transaction, and branches inside each other: agents' data could otherwise make a tree without end. */
const MAX_NODES = 200_000
const MAX_NESTING = 1_000

/** Complete: the root is there. Progress: another span stands in for it. */
export type CompleteState = 'Complete' | 'Progress' | 'Error'

export interface AlignedTree {
  root: CallNode
  state: CompleteState
}

/** Branches by asynchronous id, then by sequence. */
type AsyncBranches = Map<number, Map<number, SpanEvent[]>>

interface Alignment {
  /** spans that no event has led to yet */
  left: Map<bigint, Span[]>
  nodes: number
  now: number
}

/** Merges the spans of a transaction into one tree. @param acceptTime of the span to begin with when there is no root, ms */
export function alignSpans(spans: readonly Span[], acceptTime: number, now: number): AlignedTree {
  const { first, state } = findRoot(spans, acceptTime)
  const alignment: Alignment = { left: new Map(), nodes: 0, now }
  for (const span of spans) alignment.left.set(span.spanId, [...(alignment.left.get(span.spanId) ?? []), span])
  alignment.left.delete(first.spanId)
  const { root } = treeOfSpan(alignment, first, 0)
  sortChildren(root)
  return { root, state }
}

function findRoot(spans: readonly Span[], acceptTime: number): { first: Span; state: CompleteState } {
  const roots = spans.filter(isRoot)
  if (roots.length === 1) return { first: roots[0], state: 'Complete' }
  if (roots.length > 1)
    throw new BadRequest('several_roots', `the transaction has ${roots.length} spans without a parent`, 422)
  const accepted = spans.filter((span) => span.acceptTime === acceptTime)
  if (accepted.length === 1) return { first: accepted[0], state: 'Progress' }
  throw new BadRequest(
    'no_root',
    `the transaction's first span is not stored, and ${accepted.length} of its ${spans.length} spans were accepted at focusTimestamp ${acceptTime}; give the accept time of one span`,
    422,
  )
}

function treeOfSpan(alignment: Alignment, span: Span, nesting: number): CallTree {
  const tree = newTree(span)
  count(alignment, nesting)
  const branches: AsyncBranches = new Map()
  const events: SpanEvent[] = []
  for (const event of span.events) {
    if (isAsync(event)) addToBranch(branches, event)
    else events.push(event)
  }
  for (const branch of branches.values())
    for (const list of branch.values()) list.sort((a, b) => a.sequence - b.sequence)
  fill(alignment, tree, span, events, branches, nesting)
  return tree
}

function addToBranch(branches: AsyncBranches, event: SpanEvent): void {
  const branch = branches.get(event.asyncId) ?? new Map<number, SpanEvent[]>()
  branches.set(event.asyncId, branch)
  branch.set(event.asyncSequence, [...(branch.get(event.asyncSequence) ?? []), event])
}

function fill(
  alignment: Alignment,
  tree: CallTree,
  span: Span,
  events: readonly SpanEvent[],
  branches: AsyncBranches,
  nesting: number,
): void {
  for (const event of events) {
    count(alignment, nesting)
    const misfit = addEvent(tree, span, event)
    if (misfit !== null) {
      addTree(tree, callNode(span, corruptedEvent(misfit, span, event, alignment.now), null))
      return
    }
    const called = calledSpan(alignment, span, event)
    if (called !== undefined) addTree(tree, treeOfSpan(alignment, called, nesting + 1).root)
    const branch = branches.get(event.nextAsyncId)
    if (branch === undefined) continue
    for (const sequence of [...branch.keys()].sort((a, b) => a - b)) {
      const asyncTree = newTree(span)
      fill(alignment, asyncTree, span, branch.get(sequence)!, branches, nesting + 1)
      if (asyncTree.root.child !== null) addTree(tree, asyncTree.root.child)
    }
  }
}

/** The span that an event has led to; of several with its id the one whose start fits best. */
function calledSpan({ left }: Alignment, span: Span, event: SpanEvent): Span | undefined {
  const candidates = left.get(event.nextSpanId)
  if (candidates === undefined) return undefined
  left.delete(event.nextSpanId)
  if (candidates.length === 1) return candidates[0]
  const nearest = nearestSpan(candidates, span.startTime + event.startElapsed)
  const others = candidates.filter((candidate) => candidate !== nearest)
  if (nearest !== undefined && others.length > 0) left.set(event.nextSpanId, others)
  return nearest
}

function count(alignment: Alignment, nesting: number): void {
  if (++alignment.nodes <= MAX_NODES && nesting <= MAX_NESTING) return
  throw new BadRequest(
    'transaction_too_large',
    `the transaction has more than ${MAX_NODES} calls, or more than ${MAX_NESTING} inside each other`,
    422,
  )
}
