import t from 'tap'
import { configComplaints, isCommand, packageFile, packageYaml } from '../../builders/deploy.js'

interface Service {
  image: string
  profiles?: string[]
  command?: string[]
  entrypoint?: string[]
  environment?: Record<string, string | number | null>
  read_only?: boolean
  restart?: string
  cap_drop?: string[]
  security_opt?: string[]
  healthcheck?: { disable?: boolean }
  depends_on?: Record<string, { condition: string }>
  deploy?: { resources: { limits: { cpus: string; memory: string } } }
}

const [compose] = packageYaml('docker-compose.yml') as [{ services: Record<string, Service>; volumes: object }]
const services = Object.entries(compose.services)
const ours = services.filter(([, s]) => s.image.startsWith('pinpoint-collector:') && s.entrypoint === undefined)

t.test('the services run commands that there are, with settings that there are', async (t) => {
  const { version } = JSON.parse(packageFile('package.json')) as { version: string }
  for (const [name, { image, command, environment = {} }] of ours) {
    t.equal(image, `pinpoint-collector:${version}`, name)
    t.ok(await isCommand(command ?? ['start']), name)
    const texts = Object.entries(environment).map(([key, value]) => [key, String(value ?? '')])
    const { code, lines } = await configComplaints(Object.fromEntries(texts))
    t.same({ code, lines }, { code: 0, lines: [] }, name)
  }
})

t.test('every service is confined, bounded, comes back, and waits until what it needs is healthy', async (t) => {
  for (const [name, service] of services) {
    t.equal(service.read_only, true, `${name}: read_only`)
    t.same(service.cap_drop, ['ALL'], `${name}: cap_drop`)
    t.same(service.security_opt, ['no-new-privileges:true'], `${name}: no-new-privileges`)
    t.match(service.restart, /^(unless-stopped|on-failure:\d+)$/, `${name}: restart`)
    t.match(service.deploy?.resources.limits, { cpus: /^\d$/, memory: /^\d+[MG]$/ }, `${name}: limits`)
    for (const [needed, { condition }] of Object.entries(service.depends_on ?? {}))
      t.match(condition, /^service_(healthy|completed_successfully)$/, `${name} needs ${needed}`)
  }
})

t.test('every image has a tag of its own', async (t) => {
  for (const [name, { image }] of services) t.match(image, /^[a-z/-]+:(?!latest)[\w.-]+$/, name)
})

t.test('the form that runs without --profile is one of the forms', async (t) => {
  const form = /^COMPOSE_PROFILES=(.*)$/m.exec(packageFile('.env'))?.[1]
  t.ok(services.some(([, { profiles }]) => profiles?.includes(form ?? '')))
})
