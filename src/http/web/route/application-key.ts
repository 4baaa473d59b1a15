/** An application as links name it: NAME@TYPE. */
export interface ApplicationKey {
  name: string
  type: string
}

export function formatApplication(application: ApplicationKey): string {
  return `${application.name}@${application.type}`
}

/** The type is what follows the last @; without one there is no application. */
export function parseApplication(text: string): ApplicationKey | undefined {
  const at = text.lastIndexOf('@')
  return at <= 0 || at === text.length - 1 ? undefined : { name: text.slice(0, at), type: text.slice(at + 1) }
}
