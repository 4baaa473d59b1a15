import type { DropName } from '../drop-reasons.js'
import { DecodeError } from '../errors.js'
import type { FrameReader } from './frame-reader.js'

/** What is lost with bytes that cannot be read: a message only if they are, or may be, a SEND or REQUEST. */
export function dropOfFrame(error: unknown, reader: FrameReader): DropName | undefined {
  const code = error instanceof DecodeError ? error.code : ''
  if (code === 'FRAME_TYPE') return 'badFrame'
  if (!reader.holdsMessage) return undefined
  if (code === 'FRAME_TOO_LARGE') return 'payloadTooLarge'
  return code === 'FRAME_BUFFERS' ? 'slowPeer' : 'badFrame'
}
