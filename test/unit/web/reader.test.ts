import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { defaultSettings } from '../../../src/config/settings.js'
import { Reader } from '../../../src/web/reader.js'

/** The path of a socket has 107 bytes at the most. */
function shortDirectory(t: Test): string {
  const directory = mkdtempSync(join(tmpdir(), 'tmp-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

function useTmp(t: Test, directory: string): void {
  const before = process.env.TMPDIR
  process.env.TMPDIR = directory
  t.teardown(() => {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  })
}

t.test('the directory of the socket is there while the process is', async (t) => {
  const tmp = shortDirectory(t)
  useTmp(t, tmp)
  const settings = defaultSettings({ store: 'null', logLevel: 'fatal' })
  let exited = (): void => {}
  const reader = new Reader(settings, { info: () => {}, error: () => exited() })
  t.teardown(() => reader.close())
  t.same(readdirSync(tmp), [], 'not made before it is needed')
  const socketPath = await reader.socketPath()
  t.equal(dirname(dirname(socketPath)), tmp)
  const [answer] = (await once(get({ socketPath, path: '/serverTime.pinpoint' }), 'response')) as [IncomingMessage]
  t.equal(answer.resume().statusCode, 200)
  const { child } = reader as unknown as { child: { kill(signal: string): void } }
  const exit = new Promise<void>((resolve) => (exited = resolve))
  child.kill('SIGKILL')
  await exit
  t.same(readdirSync(tmp), [], 'gone with the process')
  t.not(await reader.socketPath(), socketPath, 'made anew for the next')
  reader.close()
  t.same(readdirSync(tmp), [])
})

t.test('where no directory can be made the reader is not there for now', async (t) => {
  useTmp(t, join(shortDirectory(t), 'missing'))
  const reader = new Reader(defaultSettings({ store: 'null' }), { info: () => {}, error: () => {} })
  await t.rejects(reader.socketPath(), { statusCode: 503, message: /missing/ })
})
