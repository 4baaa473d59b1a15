import { address, count, flag, hosts, port, secret, words } from '../setting.js'

/** Settings of the service broker; the collectors' ports are tcp.port, stat.port and span.port. */
export const BROKER_SETTINGS = {
  brokerHost: address('broker.host', '0.0.0.0', {
    section: 'Broker',
    help: 'Address that the service broker listens on.',
    option: '--broker-host <address>',
    scope: ['broker'],
  }),
  brokerPort: port('broker.port', 8080, {
    section: 'Broker',
    help: 'Port of the service broker.',
    option: '--broker-port <port>',
    scope: ['broker'],
  }),
  brokerCollectors: hosts('broker.collectors', {
    section: 'Broker',
    help: 'Collectors that applications are bound to, as the applications reach them; each new binding gets the one with the fewest. Their ports are tcp.port, stat.port and span.port.',
    option: '--collectors <host,...>',
    scope: ['broker'],
  }),
  brokerDashboardUrl: {
    ...words('broker.dashboardUrl', '', {
      section: 'Broker',
      help: 'Page that the platform shows its users for each service instance, such as http://pinpoint.example.org/#/main.',
      option: '--dashboard-url <url>',
      scope: ['broker'],
      pattern: /^https?:\/\/[^\s]+$/,
      allowed: 'an http:// or https:// address',
    }),
    initialText: 'none is shown',
  },
  brokerUsername: words('broker.username', 'admin', {
    section: 'Broker',
    help: 'Name that the platform gives (HTTP basic).',
    pattern: /^[^:]+$/,
    allowed: 'text without a colon',
  }),
  brokerPassword: secret('broker.password', {
    section: 'Broker',
    help: 'Password that the platform gives; the broker does not start without one.',
  }),
  brokerDevelopment: flag('broker.development', false, {
    section: 'Broker',
    help: 'For trials only: without broker.password, take the name admin and the password cloudfoundry, which everybody knows.',
    option: '--development',
    scope: ['broker'],
  }),
  brokerStateDir: {
    ...words('broker.stateDir', '', {
      section: 'Broker',
      help: 'Directory of service instances and bindings; made if absent. It is for one broker, and must outlive it.',
      option: '--state-dir <dir>',
      scope: ['broker'],
      pattern: /^.{1,98}$/,
      allowed: 'a path of up to 98 bytes',
    }),
    initialText: 'broker in dataDir',
  },
  brokerMaxRecords: count('broker.maxRecords', 20_000, {
    section: 'Broker',
    min: 2,
    max: 1_000_000,
    help: 'Most service instances and bindings together; more are refused. All are written at each change.',
  }),
  brokerMaxPendingCalls: count('broker.maxPendingCalls', 1000, {
    section: 'Broker',
    min: 1,
    max: 100_000,
    help: 'Most calls that wait for the state to be written; more are refused with 429.',
  }),
}
