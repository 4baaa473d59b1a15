import type { FastifyInstance } from 'fastify'

const LINKS: [path: string, text: string][] = [
  ['/health/ready', 'Health: is the collector ready, and if not, why'],
  ['/debug/agents', 'Agents: what came from each, on which port, and when'],
  ['/debug/pipeline', 'Pipeline: queues, writes, drops'],
  ['/debug/config', 'Settings: values and where they come from'],
  ['/metrics', 'Metrics for Prometheus'],
]

const ITEMS = LINKS.map(([path, text]) => `<li><a href="${path}">${path}</a> ${text}</li>`).join('\n')

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Pinpoint collector</title></head>
<body>
<h1>Pinpoint collector</h1>
<ul>
${ITEMS}
</ul>
</body>
</html>
`

/** A plain list of links at /. */
export function addIndexPage(server: FastifyInstance): void {
  server.get('/', async (_request, reply) => {
    reply.type('text/html; charset=utf-8')
    return PAGE
  })
}
