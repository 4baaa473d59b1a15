import { type SettingKey, settingOf } from '../config/schema.js'
import { environmentName } from '../config/setting.js'
import type { Settings } from '../config/settings.js'
import type { Offer } from './operations.js'

/** What the service pack's own broker took, for everybody. */
const DEVELOPMENT = { user: 'admin', password: 'cloudfoundry' }

/** Why the broker cannot run with these settings; empty when it can. */
export function brokerProblems(settings: Settings): string[] {
  const problems: string[] = []
  if (settings.brokerCollectors.length === 0)
    problems.push(
      `${named('brokerCollectors')} is not set; name the collectors as applications reach them, such as 10.30.70.45,10.30.70.46`,
    )
  if (settings.brokerPassword === null && !settings.brokerDevelopment)
    problems.push(
      `${named('brokerPassword')} is not set; put it into a file and name that in ${environmentName('broker.password')}_FILE (for a trial: --development)`,
    )
  for (const key of ['tcpPort', 'statPort', 'spanPort'] as const) {
    if (settings[key] === 0) problems.push(`${named(key)} is 0; give the port that the collectors listen on`)
  }
  return problems
}

/** What works, but hardly as meant. */
export function brokerWarnings(settings: Settings): string[] {
  const warnings: string[] = []
  if (settings.brokerDevelopment) {
    warnings.push(
      settings.brokerPassword === null
        ? 'broker.development: everybody knows the password of this broker; set broker.password'
        : 'broker.development has no effect: there is a broker.password; take it out',
    )
  }
  if (settings.brokerDashboardUrl === '')
    warnings.push('broker.dashboardUrl is not set: the platform shows its users no page for their service instances')
  return warnings
}

/** Name and password that the platform must give; only for settings without problems. */
export function platformCredentials(settings: Settings): { user: string; password: string } {
  if (settings.brokerPassword === null) return DEVELOPMENT
  return { user: settings.brokerUsername, password: settings.brokerPassword }
}

export function offerOf(settings: Settings): Offer {
  const { tcpPort: tcp, statPort: stat, spanPort: span } = settings
  return {
    collectors: settings.brokerCollectors,
    ports: { tcp, stat, span },
    dashboardUrl: settings.brokerDashboardUrl === '' ? null : settings.brokerDashboardUrl,
    maxRecords: settings.brokerMaxRecords,
  }
}

function named(key: SettingKey): string {
  const { name } = settingOf(key)
  return `${name} (${environmentName(name)})`
}
