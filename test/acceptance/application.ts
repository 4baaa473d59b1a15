import { randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { agentIdOf, agentSettings, agentVariables, javaOptions, rewriteAgentConfig } from './agent-options.js'
import { runCommand, type Started, startCommand } from './commands.js'
import { ask } from './http.js'
import { type PinpointCredentials, pinpointService, type VcapServices } from './vcap-services.js'

// Staging and start of an application, as the platform and its buildpack do it.

const PAUSE_MS = 500
const STOP_LIMIT_MS = 60_000

export interface Staged {
  agentId: string
  /** what the start command is told */
  environment: Record<string, string>
  /** what the staging did, in lines */
  told: string
  remove: () => void
}

/** Reads VCAP_SERVICES as the buildpack does, and prepares the agent where there is one. */
export function stage(services: VcapServices, agent: string | undefined): Staged {
  const { credentials } = pinpointService(services)
  const agentId = agentIdOf(randomUUID())
  const environment = { VCAP_SERVICES: JSON.stringify(services), ...agentVariables(credentials, agentId) }
  const settings = [...agentSettings(credentials)].map(([name, value]) => `${name}=${value}`)
  if (agent === undefined) return { agentId, environment, told: settings.join('\n'), remove: () => {} }
  const directory = mkdtempSync(join(tmpdir(), 'pinpoint-agent-'))
  const bootstrap = copyAgent(agent, directory, credentials)
  const options = javaOptions(bootstrap, agentId, credentials.application_name)
  return {
    agentId,
    environment: { ...environment, JAVA_OPTS: options },
    told: [...settings, `JAVA_OPTS=${options}`].join('\n'),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}

/** A copy of the agent with the lines of the binding. @returns the path of its bootstrap jar */
function copyAgent(agent: string, directory: string, credentials: PinpointCredentials): string {
  cpSync(agent, directory, { recursive: true })
  const config = join(directory, 'pinpoint.config')
  writeFileSync(config, rewriteAgentConfig(readFileSync(config, 'utf8'), agentSettings(credentials)))
  const jar = readdirSync(directory).find((name) => /^pinpoint-bootstrap-\d.*\.jar$/.test(name))
  if (jar === undefined)
    throw new Error(`${agent} has no pinpoint-bootstrap-VERSION.jar: is it the folder of an agent?`)
  return join(directory, jar)
}

export interface Application {
  /** stops what start() started */
  stop: () => Promise<void>
}

/** Starts the application and waits until it answers; throws with its last lines when it does not, or when another one has its place. */
export async function startApplication(
  command: string,
  stopCommand: string | undefined,
  url: string,
  staged: Staged,
  limitMs: number,
): Promise<Application> {
  const before = await ask(url).catch(() => undefined)
  if (before !== undefined) {
    staged.remove()
    throw new Error(`${url} answers before the start: stop what is there, or leave --start-app out`)
  }
  const started = startCommand(command, staged.environment)
  const stop = async (): Promise<void> => {
    if (stopCommand !== undefined) await runCommand(stopCommand, STOP_LIMIT_MS)
    await started.stop()
    staged.remove()
  }
  try {
    await untilAnswered(started, url, limitMs)
  } catch (error) {
    await stop()
    throw error
  }
  return { stop }
}

async function untilAnswered(started: Started, url: string, limitMs: number): Promise<void> {
  const limit = Date.now() + limitMs
  for (;;) {
    const end = started.ended()
    if (end !== undefined && end.code !== 0)
      throw new Error(`the start command ended with ${end.code}:\n${end.output.slice(-2000)}`)
    const answer = await ask(url).catch(() => undefined)
    if (answer !== undefined && answer.status < 500) return
    if (Date.now() > limit) throw new Error(`${url} did not answer within ${limitMs / 1000} s`)
    await pause(PAUSE_MS)
  }
}

/** Asks for the page so many times. @returns how often each status came */
export async function drive(url: string, requests: number): Promise<Map<number, number>> {
  const statuses = new Map<number, number>()
  for (let i = 0; i < requests; i++) {
    const { status } = await ask(url)
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  return statuses
}
