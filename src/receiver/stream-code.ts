// Why a stream was refused or closed (spec: wire.md §1.8).

export const enum StreamCode {
  ok = 0,
  unknownError = 100,
  idError = 110,
  idIllegal = 111,
  idDuplicated = 112,
  idNotFound = 113,
  stateError = 120,
  stateNotConnected = 121,
  stateClosed = 122,
  typeError = 130,
  typeUnknown = 131,
  typeUnsupport = 132,
  packetError = 140,
  packetUnknown = 141,
  packetUnsupport = 142,
  connectionError = 150,
  connectionNotFound = 151,
  connectionTimeout = 152,
  connectionUnsupport = 153,
  routeError = 160,
}

const KNOWN: ReadonlySet<number> = new Set([
  0, 100, 110, 111, 112, 113, 120, 121, 122, 130, 131, 132, 140, 141, 142, 150, 151, 152, 153, 160,
])

/** A code from the wire: an unknown one becomes its group, or 100 when there is no such group. */
export function toStreamCode(code: number): StreamCode {
  if (KNOWN.has(code)) return code
  const group = code - (code % 10)
  return KNOWN.has(group) && group > 0 ? group : StreamCode.unknownError
}
