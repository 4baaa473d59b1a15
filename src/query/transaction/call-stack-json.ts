import type { CallLine } from './call-stack.js'

/** The columns of a line; nothing else says what they are. */
const COLUMNS = [
  ...['depth', 'begin', 'end', 'excludeFromTimeline', 'applicationName', 'tab', 'id', 'parentId', 'isMethod'],
  ...['hasChild', 'title', 'arguments', 'executeTime', 'gap', 'elapsedTime', 'barWidth', 'executionMilliseconds'],
  ...['simpleClassName', 'methodType', 'apiType', 'agent', 'isFocused', 'hasException', 'logButtonName', 'logPageUrl'],
] as const

export type CallColumn = (typeof COLUMNS)[number]
export type CallLineJson = (string | number | boolean | null)[]

/** Column numbers by name. */
export const CALL_STACK_INDEX: Record<CallColumn, number> = Object.fromEntries(
  COLUMNS.map((name, i) => [name, i]),
) as Record<CallColumn, number>

const FULL_BAR = 100

/** @param focused id of the line that is marked; 0: none */
export function callStackJson(lines: readonly CallLine[], focused: number): CallLineJson[] {
  const whole = lines[0]?.call?.elapsed ?? 0
  // whole ms only: trees longer than 100 ms have no bars
  const barOfMs = whole > 0 ? Math.trunc(FULL_BAR / whole) : 0
  return lines.map((line) =>
    line.call === null ? textLine(line) : callLine(line, line.call, barOfMs, line.id === focused),
  )
}

function callLine(
  line: CallLine,
  call: NonNullable<CallLine['call']>,
  barOfMs: number,
  focused: boolean,
): CallLineJson {
  return columns({
    begin: call.begin,
    end: call.begin + call.elapsed,
    excludeFromTimeline: !call.inTimeline,
    applicationName: call.applicationName,
    ...placeOf(line),
    isMethod: true,
    hasChild: call.hasChild,
    executeTime: clockText(call.begin),
    gap: String(call.gap),
    elapsedTime: String(call.elapsed),
    barWidth: String(Math.trunc(call.elapsed * barOfMs + 0.9)),
    executionMilliseconds: String(call.self),
    simpleClassName: call.className,
    methodType: String(call.methodType),
    apiType: call.typeText,
    agent: call.agentId,
    isFocused: focused,
  })
}

function textLine(line: CallLine): CallLineJson {
  return columns({ excludeFromTimeline: true, ...placeOf(line), methodType: '0' })
}

function placeOf({
  depth,
  id,
  parentId,
  title,
  arguments: text,
  hasException,
}: CallLine): Partial<Record<CallColumn, CallLineJson[number]>> {
  const parent = parentId > 0 ? String(parentId) : ''
  return { tab: depth, id: String(id), parentId: parent, title: escaped(title), arguments: text, hasException }
}

const EMPTY: Record<CallColumn, CallLineJson[number]> = {
  ...{ depth: '', begin: 0, end: 0, excludeFromTimeline: false, applicationName: null, tab: 0, id: '', parentId: '' },
  ...{ isMethod: false, hasChild: false, title: '', arguments: '', executeTime: '', gap: '', elapsedTime: '' },
  ...{ barWidth: '', executionMilliseconds: '', simpleClassName: '', methodType: '', apiType: '', agent: null },
  ...{ isFocused: false, hasException: false, logButtonName: null, logPageUrl: '' },
}

function columns(given: Partial<Record<CallColumn, CallLineJson[number]>>): CallLineJson {
  return COLUMNS.map((name) => given[name] ?? EMPTY[name])
}

/** Local time of day, with ms. */
function clockText(ms: number): string {
  const at = new Date(ms)
  const part = (n: number, width = 2): string => String(n).padStart(width, '0')
  return `${part(at.getHours())}:${part(at.getMinutes())}:${part(at.getSeconds())} ${part(at.getMilliseconds(), 3)}`
}

const SHORT: Record<string, string> = {
  ...{ '"': '\\"', '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '/': '\\/' },
}

/** Titles are escaped as in JSON text, once more than the answer itself: pages expect it. */
function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to escape
  return text.replace(/["\\/\u0000-\u001f\u007f-\u009f\u2000-\u20ff]/g, (char) => {
    return SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
  })
}
