import { KEY } from '../annotation-keys.js'
import type { Span, SpanEvent } from '../read/span.js'
import { isInternalMethod, serviceType } from '../service-types.js'
import { parseApi } from './api-description.js'
import { type CallNode, elapsedOf, startOf } from './call-node.js'
import { CORRUPTED } from './corrupted-event.js'
import type { Metadata } from './metadata-lookup.js'
import { displayedArgument, linesOf, type ShownAnnotation, shownAnnotations } from './shown-annotations.js'
import type { TimedCall } from './timing.js'

/** One line of the call tree: a call, or what is told of the call above it. Times in ms. */
export interface CallLine {
  id: number
  /** 0: none */
  parentId: number
  depth: number
  title: string
  arguments: string | null
  /** null: not a call */
  call: {
    begin: number
    elapsed: number
    gap: number
    self: number
    agentId: string
    applicationName: string
    /** 0 a method, 100 a request, 900 corrupted, … */
    methodType: number
    className: string
    /** has events */
    hasChild: boolean
    typeText: string
    inTimeline: boolean
  } | null
  hasException: boolean
}

interface CallTitle {
  title: string
  className: string
  methodType: number
}

/** Of a line beside its texts, about. */
const LINE_BYTES = 300

/**
 * The lines of a transaction, in the order in which they are shown.
 * @param spend is told the bytes of each: a text that is stored once may stand in many lines
 */
export function callLines(calls: readonly TimedCall[], metadata: Metadata, spend: (bytes: number) => void): CallLine[] {
  const lines: CallLine[] = []
  const ids = new Map<CallNode, number>()
  for (const timed of calls) {
    const { node, depth } = timed
    const id = lines.length + 1
    ids.set(node, id)
    const call = node.event ?? node.span
    const annotations = shownAnnotations(call, metadata)
    lines.push(lineOfCall(timed, id, ids.get(node.parent ?? node) ?? 0, annotations, metadata))
    const tell = (title: string, text: string | null, hasException = false): void => {
      lines.push({
        id: lines.length + 1,
        parentId: id,
        depth: depth + 1,
        title,
        arguments: text,
        call: null,
        hasException,
      })
    }
    if (call.exception !== null) tell(exceptionName(call, metadata), call.exception.message, true)
    for (const { name, text } of linesOf(annotations)) tell(name, text)
    if (node.event === null && node.span.remoteAddress !== null) tell('REMOTE_ADDRESS', node.span.remoteAddress)
    for (const line of lines.slice(id - 1)) spend(LINE_BYTES + line.title.length + (line.arguments?.length ?? 0))
  }
  return lines
}

function lineOfCall(
  { node, depth, gap, self }: TimedCall,
  id: number,
  parentId: number,
  annotations: readonly ShownAnnotation[],
  metadata: Metadata,
): CallLine {
  const { span, event } = node
  const call = event ?? span
  const type = serviceType(call.typeCode)
  const { title, className, methodType } = titleOf(call, metadata)
  const destination = event?.destinationId ?? null
  const text = event === null && span.rpc !== null ? span.rpc : displayedArgument(call, annotations)
  return {
    ...{ id, parentId: node.parent === null ? 0 : parentId, depth, title, arguments: text, hasException: false },
    call: {
      begin: startOf(node),
      elapsed: elapsedOf(node),
      ...{ gap, self, className, methodType },
      agentId: call.agentId,
      applicationName: span.applicationName,
      hasChild: event === null && span.events.length > 0,
      typeText: destination !== null && type.includeDestinationId ? `${type.desc}(${destination})` : type.desc,
      inTimeline: !isInternalMethod(type),
    },
  }
}

function titleOf(call: Span | SpanEvent, metadata: Metadata): CallTitle {
  if (call.annotations.some(({ key, code }) => key === KEY.apiMetadata && code === -1))
    return { title: '...', className: '', methodType: CORRUPTED }
  const api = metadata.api(call)
  if (api === undefined) return { title: 'API-METADATA-NOT-FOUND', className: '', methodType: 0 }
  const text = api.line === -1 ? api.api : `${api.api}:${api.line}`
  const parsed = api.type === 0 ? parseApi(text) : null
  return { title: parsed?.method ?? text, className: parsed?.simpleClassName ?? '', methodType: api.type }
}

function exceptionName(call: Span | SpanEvent, metadata: Metadata): string {
  const name = metadata.text(call, call.exception!.id) ?? 'STRING-META-DATA-NOT-FOUND'
  return name.slice(name.lastIndexOf('.') + 1)
}
