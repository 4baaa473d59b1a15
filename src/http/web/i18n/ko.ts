import type { TextKey } from './en.js'
import { common } from './ko/common.js'
import { empty } from './ko/empty.js'
import { inspector } from './ko/inspector.js'
import { map } from './ko/map.js'
import { transactions } from './ko/transactions.js'

/** Korean texts. */
export const ko: Record<TextKey, string> = { ...common, ...empty, ...map, ...transactions, ...inspector }
