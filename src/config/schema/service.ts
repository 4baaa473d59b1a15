import { address, choice, count, duration, flag, port, type Setting, secret } from '../setting.js'

function workers(text: Omit<Parameters<typeof count>[2], 'min' | 'max'>): Setting<number | 'auto'> {
  const fixed = count('workers', 1, { ...text, min: 1, max: 256 })
  return {
    ...fixed,
    type: 'number or auto',
    initial: 'auto',
    allowed: `auto (one for each core), or ${fixed.allowed}`,
    parse: (given) => (given.toLowerCase() === 'auto' ? 'auto' : fixed.parse(given)),
    format: String,
  }
}

/** Settings of the HTTP server and the process. */
export const SERVICE_SETTINGS = {
  httpHost: address('http.host', '127.0.0.1', {
    section: 'HTTP',
    help: 'Address of health, metrics, debug pages, read API and page.',
    option: '--http-host <address>',
    scope: ['start', 'web'],
  }),
  httpPort: port('http.port', 28080, {
    section: 'HTTP',
    help: 'Port of the same.',
    option: '--http-port <port>',
    scope: ['start', 'web'],
  }),
  httpPassword: secret('http.password', {
    section: 'HTTP',
    help: 'Password (HTTP basic, any user name) of page, API and debug pages; /health and /metrics stay open.',
  }),
  web: flag('web', true, {
    section: 'HTTP',
    help: 'Serve the read API and the page from the collector.',
    initialText: 'true with the embedded store, else false',
    option: '--web',
    scope: ['start'],
  }),
  workers: workers({
    section: 'Process',
    help: 'Worker processes.',
    option: '--workers <n|auto>',
    scope: ['start'],
  }),
  logLevel: choice('log.level', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info', {
    section: 'Process',
    help: 'Least grave lines that are logged.',
    option: '--log-level <level>',
    scope: ['all'],
  }),
  shutdownTimeoutMs: duration('shutdownTimeoutMs', 20_000, {
    section: 'Process',
    min: 100,
    max: 600_000,
    help: 'Longest time that a stop may take to write what is in memory.',
  }),
}
