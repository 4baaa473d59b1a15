import { lookup } from 'node:dns/promises'
import type { SettingKey } from '../config/schema.js'
import { settingOf } from '../config/schema.js'
import { messageOf } from '../errors.js'
import { EXIT_FAILURE, EXIT_OK } from './io.js'
import { type ProbeResult, probeTcp, probeUdp } from './network-probe.js'
import type { Work } from './run-command.js'

/** As long as the agent's own tool waits. */
const TIMEOUT_MS = 5000

interface Port {
  label: string
  protocol: 'TCP' | 'UDP'
  key: SettingKey & ('tcpPort' | 'statPort' | 'spanPort')
}

const PORTS: readonly Port[] = [
  { label: 'tcp', protocol: 'TCP', key: 'tcpPort' },
  { label: 'stat', protocol: 'UDP', key: 'statPort' },
  { label: 'span', protocol: 'UDP', key: 'spanPort' },
]

/** Tries the three ports of a collector as an agent would. */
export function networkTest(host: string, timeoutMs = TIMEOUT_MS): Work {
  return async (io, settings) => {
    const { address, family } = await resolve(host)
    const results = await Promise.all(
      PORTS.map(({ protocol, key }): Promise<ProbeResult> => {
        const port = settings[key]
        if (protocol === 'TCP') return probeTcp(address, port, timeoutMs)
        return probeUdp(address, port, timeoutMs, family === 6 ? 6 : 4)
      }),
    )
    PORTS.forEach((port, i) => {
      const start = `${port.label.padEnd(4)} ${host}:${settings[port.key]}/${port.protocol}`
      const failure = results[i]
      io.stdout.write(failure === undefined ? `${start} OK\n` : `${start} FAILED: ${failure}; ${cure(port)}\n`)
    })
    return results.every((r) => r === undefined) ? EXIT_OK : EXIT_FAILURE
  }
}

async function resolve(host: string): Promise<{ address: string; family: number }> {
  try {
    return await lookup(host)
  } catch (error) {
    throw new Error(`cannot find the host "${host}": ${messageOf(error)}; check its name and the DNS`)
  }
}

function cure(port: Port): string {
  const { name } = settingOf(port.key)
  return `check that the collector runs with this ${name}, and that firewalls on the way let ${port.protocol} through`
}
