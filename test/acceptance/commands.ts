import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

export interface CommandEnd {
  /** null when it was ended by a signal */
  code: number | null
  /** stdout and stderr as they came */
  output: string
}

const MOST_CHARS = 1024 * 1024

function start(command: string, environment: Record<string, string>): { child: ChildProcess; output: () => string } {
  const child = spawn(command, {
    shell: true,
    detached: true,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-MOST_CHARS)
    })
  }
  return { child, output: () => output }
}

/** Runs a shell command to its end, at most so long. */
export async function runCommand(command: string, limitMs: number): Promise<CommandEnd> {
  const { child, output } = start(command, {})
  const timer = setTimeout(() => endGroup(child), limitMs)
  const [code] = (await once(child, 'close')) as [number | null]
  clearTimeout(timer)
  return { code, output: output() }
}

/** A command that may go on running: a server in the foreground, or a script that leaves one behind. */
export interface Started {
  /** the end, when it has come */
  ended: () => CommandEnd | undefined
  stop: () => Promise<void>
}

export function startCommand(command: string, environment: Record<string, string>): Started {
  const { child, output } = start(command, environment)
  let end: CommandEnd | undefined
  const over = once(child, 'exit').then(([code]) => {
    end = { code: code as number | null, output: output() }
  })
  return {
    ended: () => end,
    stop: async () => {
      if (end === undefined) endGroup(child)
      await over
    },
  }
}

/** SIGTERM to the shell and all that it started. */
function endGroup(child: ChildProcess): void {
  try {
    process.kill(-child.pid!, 'SIGTERM')
  } catch (error) {
    // it has just ended
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
