import { common } from './en/common.js'
import { empty } from './en/empty.js'
import { inspector } from './en/inspector.js'
import { map } from './en/map.js'
import { transactions } from './en/transactions.js'

/** English texts by screen; {name} is filled in. The other languages have the same keys. */
export const en = { ...common, ...empty, ...map, ...transactions, ...inspector } as const

export type TextKey = keyof typeof en
