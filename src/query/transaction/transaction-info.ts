import type { Query } from '../context.js'
import { type MapJson, mapJson } from '../map/map-json.js'
import { spanMap } from '../map/span-map.js'
import type { Span } from '../read/span.js'
import { type TransactionId, transactionText } from '../read/transaction-id.js'
import { type AlignedTree, alignSpans } from './align-spans.js'
import { elapsedOf, startOf } from './call-node.js'
import { callLines } from './call-stack.js'
import { CALL_STACK_INDEX, type CallColumn, type CallLineJson, callStackJson } from './call-stack-json.js'
import { lookUpMetadata } from './metadata-lookup.js'
import { readTransactions } from './read-transactions.js'
import { displayedArgument, shownAnnotations } from './shown-annotations.js'
import { type TimedCall, timedCalls } from './timing.js'

const ALL_FAMILIES = ['S', 'A', 'T']
const LOGGED = 1
/** A map of one transaction has no time. */
const NO_TIME = { from: -1, to: -1 }

/** One transaction as pages take it. */
export interface TransactionInfoJson {
  /** path of the request */
  applicationName: string | null
  transactionId: string
  agentId: string | null
  applicationId: string | null
  callStackStart: number
  callStackEnd: number
  completeState: string
  logLinkEnable: boolean
  loggingTransactionInfo: boolean
  logButtonName: string
  logPageUrl: string
  disableButtonMessage: string
  callStackIndex: Record<CallColumn, number>
  callStack: CallLineJson[]
  applicationMapData: MapJson
}

/** @param focus accept time of the span to mark, and to begin with when there is no root; ms */
export async function transactionInfo(query: Query, id: TransactionId, focus: number): Promise<TransactionInfoJson> {
  const spans: Span[] = []
  for await (const [found] of readTransactions(query, [id], ALL_FAMILIES)) spans.push(...found)
  const map = mapJson(await spanMap(query, [spans], NO_TIME))
  const tree = spans.length === 0 ? null : alignSpans(spans, focus, query.now)
  return { ...(await treeJson(query, tree, focus)), transactionId: transactionText(id), applicationMapData: map }
}

type TreeJson = Omit<TransactionInfoJson, 'transactionId' | 'applicationMapData'>

const NO_LOGS = { logLinkEnable: false, logButtonName: '', logPageUrl: '', disableButtonMessage: '' }

async function treeJson(query: Query, tree: AlignedTree | null, focus: number): Promise<TreeJson> {
  const calls = tree === null ? [] : timedCalls(tree.root)
  const metadata = await lookUpMetadata(
    query,
    calls.map(({ node }) => node.event ?? node.span),
  )
  const lines = callLines(calls, metadata, query.spend)
  const focused = focusedSpan(calls, focus)
  const line = focused === undefined ? undefined : lines.find(({ call }) => call?.begin === focused.startTime)
  const first = calls[0]?.node
  return {
    ...NO_LOGS,
    applicationName:
      focused === undefined ? null : (focused.rpc ?? displayedArgument(focused, shownAnnotations(focused, metadata))),
    agentId: focused?.agentId ?? null,
    applicationId: focused?.applicationName ?? null,
    callStackStart: first === undefined ? 0 : startOf(first),
    // a duration, though it is called an end
    callStackEnd: first === undefined ? 0 : elapsedOf(first),
    completeState: tree?.state ?? 'Error',
    loggingTransactionInfo: calls.some(({ node }) => node.event === null && node.span.loggingInfo === LOGGED),
    callStackIndex: CALL_STACK_INDEX,
    callStack: callStackJson(lines, line?.id ?? 0),
  }
}

function focusedSpan(calls: readonly TimedCall[], focus: number): Span | undefined {
  const spans = calls.filter(({ node }) => node.event === null).map(({ node }) => node.span)
  return spans.find((span) => span.acceptTime === focus) ?? spans[0]
}
