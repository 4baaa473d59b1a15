import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

// A service broker and a page that answer as the guide shows, for tests of the acceptance program itself.

export interface FakeStackOptions {
  password: string
  credentials: Record<string, unknown>
  /** requests in the server map */
  requests: number
}

export interface FakeStack {
  url: string
  /** method and path of each call to the broker that had the password */
  calls: string[]
  close: () => void
}

type Reply = [status: number, body: unknown]

const SERVICE = {
  id: '801bd048-c570-4629-8539-301e68fe0611',
  name: 'Pinpoint',
  description: 'A simple pinpoint implementation',
  bindable: true,
  plan_updateable: false,
  plans: [{ id: 'pinpoint_plan', name: 'Pinpoint_standard', description: '', metadata: {}, free: true }],
  tags: ['pinpoint'],
}

/** Both on one port, that of `url`. */
export async function fakeStack(options: FakeStackOptions): Promise<FakeStack> {
  const calls: string[] = []
  const there = new Set<string>()
  const authorization = `Basic ${Buffer.from(`admin:${options.password}`).toString('base64')}`

  const broker = (method: string, path: string): Reply => {
    calls.push(`${method} ${path}`)
    if (path === '/v2/catalog') return [200, { services: [SERVICE] }]
    if (path.endsWith('/last_operation')) return [200, { state: 'succeeded' }]
    if (method === 'DELETE') return [there.delete(path) ? 200 : 410, {}]
    there.add(path)
    if (path.includes('/service_bindings/')) return [201, { credentials: options.credentials, syslog_drain_url: null }]
    return [201, { dashboard_url: 'http://pinpoint.example/#/main' }]
  }

  const page = (path: string): Reply => {
    const own = { applicationName: options.credentials.application_name, serviceType: 'TOMCAT' }
    if (path === '/applications.pinpoint') return [200, [{ ...own, code: 1010 }]]
    if (path === '/getServerMapData.pinpoint')
      return [
        200,
        { applicationMapData: { nodeDataArray: [{ ...own, totalCount: options.requests }], linkDataArray: [] } },
      ]
    return [200, '<html><body><script>document.body.append(location.hash)</script></body></html>']
  }

  const reply = (request: IncomingMessage): Reply => {
    const [path] = request.url!.split('?')
    if (!path.startsWith('/v2/')) return page(path)
    const known = request.headers.authorization === authorization
    return known ? broker(request.method!, path) : [401, {}]
  }

  const server = createServer((request, response) => {
    request.resume()
    const [status, body] = reply(request)
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = (): void => {
    server.close()
    server.closeAllConnections()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls, close }
}
