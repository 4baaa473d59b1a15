import type { CallStackRow, TransactionInfo } from '../api/transactions.js'
import { bindSql } from './bind-sql.js'

export type CallKind = 'call' | 'exception' | 'sql' | 'bind' | 'annotation'

/** One row of the call tree: a call, or what was noted about the call above it. */
export interface CallRow {
  id: string
  parentId: string
  depth: number
  kind: CallKind
  title: string
  argument: string
  /** ms since 1970; 0 on rows that are no call */
  begin: number
  end: number
  /** ms; undefined on rows that are no call */
  gap: number | undefined
  elapsed: number | undefined
  self: number | undefined
  className: string
  apiType: string
  agentId: string
  application: string
  hasChildren: boolean
  hasException: boolean
  isFocused: boolean
  isAsync: boolean
  isCorrupted: boolean
  inTimeline: boolean
  /** of an SQL row: the statement with its bind values filled in */
  boundSql: string | undefined
}

/** Kinds of methods as the server numbers them */
const ASYNC_INVOCATION = '200'
const CORRUPTED = '900'

const SQL = 'SQL'
const SQL_BIND = 'SQL-BindValue'

/** The rows of an answer, in its order: every row stands somewhere below its parent, before the parent's next sibling. */
export function callRows(info: TransactionInfo): CallRow[] {
  const column = info.callStackIndex
  const rows = info.callStack.map((cells) => callRow(cells, column))
  rows.forEach((row, i) => {
    // a parent is marked as one even when the server counts only calls as children
    row.hasChildren = rows[i + 1] !== undefined && rows[i + 1].depth > row.depth
    if (row.kind === 'sql') {
      const bind = rows[i + 1]
      if (bind?.kind === 'bind' && bind.parentId === row.parentId) row.boundSql = bindSql(row.argument, bind.argument)
    }
  })
  return rows
}

function callRow(cells: CallStackRow, column: Record<string, number>): CallRow {
  const text = (name: string): string => {
    const cell = cells[column[name]]
    return cell === null || cell === undefined ? '' : String(cell)
  }
  const flag = (name: string): boolean => cells[column[name]] === true
  const methodType = text('methodType')
  const isMethod = flag('isMethod')
  return {
    id: text('id'),
    parentId: text('parentId'),
    depth: Number(text('tab')),
    kind: kindOf(isMethod, flag('hasException'), text('title')),
    title: text('title'),
    argument: text('arguments'),
    begin: Number(text('begin')),
    end: Number(text('end')),
    gap: milliseconds(text('gap')),
    elapsed: milliseconds(text('elapsedTime')),
    self: milliseconds(text('executionMilliseconds')),
    className: text('simpleClassName'),
    apiType: text('apiType'),
    agentId: text('agent'),
    application: text('applicationName'),
    hasChildren: false,
    hasException: flag('hasException'),
    isFocused: flag('isFocused'),
    isAsync: methodType === ASYNC_INVOCATION,
    isCorrupted: methodType === CORRUPTED,
    inTimeline: isMethod && !flag('excludeFromTimeline'),
    boundSql: undefined,
  }
}

function kindOf(isMethod: boolean, hasException: boolean, title: string): CallKind {
  if (isMethod) return 'call'
  if (hasException) return 'exception'
  if (title === SQL) return 'sql'
  return title === SQL_BIND ? 'bind' : 'annotation'
}

/** The server writes 1,234 for people. */
function milliseconds(text: string): number | undefined {
  return text === '' ? undefined : Number(text.replaceAll(',', ''))
}
