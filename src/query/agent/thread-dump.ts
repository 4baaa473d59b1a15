export type ThreadDumpJson = Record<string, unknown>
export function threadDumpJson(_body: Buffer): ThreadDumpJson | null {
  return null
}
