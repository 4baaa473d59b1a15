import { spawnSync } from 'node:child_process'
import { chromiumPath } from './chromium.js'

// The browser tests need Debian's chromium. Where it is missing and this is root on a Debian-like system, it is installed.

function apt(...args: string[]): boolean {
  const { status } = spawnSync('apt-get', ['-y', '--no-install-recommends', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  return status === 0
}

if (chromiumPath() === undefined) {
  process.stdout.write('The browser tests need chromium: installing it by apt-get.\n')
  if (process.getuid?.() === 0 && apt('update')) apt('install', 'chromium')
  if (chromiumPath() === undefined) {
    process.stderr.write('There is no chromium. Install it (Debian: apt-get install chromium) and start again.\n')
    process.exitCode = 1
  }
}
