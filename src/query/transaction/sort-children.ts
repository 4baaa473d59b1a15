import { type CallNode, startOf } from './call-node.js'

/** Puts the called spans among the events of each node by their start; events keep their order. */
export function sortChildren(root: CallNode): void {
  const left = [root]
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    sortChain(node)
    for (let child = node.child; child !== null; child = child.sibling) left.push(child)
  }
}

function sortChain(parent: CallNode): void {
  const events: CallNode[] = []
  const spans: CallNode[] = []
  for (let node = parent.child; node !== null; node = node.sibling) (node.event === null ? spans : events).push(node)
  if (spans.length === 0 || spans.length + events.length < 2) return
  spans.sort((a, b) => startOf(a) - startOf(b))
  const chain: CallNode[] = []
  let next = 0
  for (const event of events) {
    while (next < spans.length && startOf(event) > startOf(spans[next])) chain.push(spans[next++])
    chain.push(event)
  }
  chain.push(...spans.slice(next))
  chain.forEach((node, i) => {
    node.sibling = chain[i + 1] ?? null
  })
  parent.child = chain[0]
}
