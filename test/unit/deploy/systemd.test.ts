import t from 'tap'
import { configComplaints, isCommand, packageFile } from '../../builders/deploy.js'

const COMMANDS = { collector: 'start', web: 'web', broker: 'broker' }

/** Values of a key, in the order of the file; an empty value stays. */
function values(unit: string, key: string): string[] {
  return unit.split('\n').flatMap((line) => (line.startsWith(`${key}=`) ? [line.slice(key.length + 1)] : []))
}

for (const [name, command] of Object.entries(COMMANDS)) {
  const unit = packageFile(`deploy/systemd/pinpoint-${name}.service`)

  t.test(
    `pinpoint-${name}.service starts a command that there is, with options and settings that there are`,
    async (t) => {
      const [words] = values(unit, 'ExecStart').map((line) => line.split(' '))
      t.equal(words[0], '/opt/pinpoint-collector/bin/pinpoint-collector')
      t.equal(words[1], command)
      const options = words.slice(1).filter((word) => !word.startsWith('/'))
      t.ok(await isCommand(options.flatMap((word) => (word.startsWith('--') ? [word, 'x'] : [word]))))
      const environment = values(unit, 'Environment').flatMap((line) => line.split(' ').map((pair) => pair.split('=')))
      const ours = environment
        .filter(([variable]) => variable.startsWith('PINPOINT_'))
        .map(([variable, value]) => [variable, variable.endsWith('_FILE') ? 'package.json' : value])
      // what the settings file of the machine has
      const settings = command === 'broker' ? { PINPOINT_BROKER_COLLECTORS: 'collector.example.org' } : {}
      t.same(await configComplaints({ ...settings, ...Object.fromEntries(ours) }), { code: 0, lines: [] })
    },
  )

  t.test(`pinpoint-${name}.service is confined, and stops before it is killed`, async (t) => {
    for (const [key, value] of [
      ['ProtectSystem', 'strict'],
      ['NoNewPrivileges', 'true'],
      ['CapabilityBoundingSet', ''],
      ['User', 'pinpoint'],
      ['RestartPreventExitStatus', '2'],
      ['StateDirectory', `pinpoint-${name}`],
    ])
      t.same(values(unit, key), [value], key)
    t.ok(Number(values(unit, 'TimeoutStopSec')[0]) > 20, 'more than shutdownTimeoutMs')
  })
}
