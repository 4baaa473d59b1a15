import t from 'tap'
import { configComplaints, isCommand, packageFile, packageYaml } from '../../builders/deploy.js'

interface Port {
  name: string
  port?: number
  containerPort?: number
  targetPort?: string
  protocol: string
}

interface Container {
  image: string
  args: string[]
  env?: { name: string; value: string }[]
  envFrom?: { configMapRef: { name: string } }[]
  ports?: Port[]
  livenessProbe?: { httpGet: { path: string; port: string } }
  readinessProbe?: { httpGet: { path: string; port: string } }
}

interface Manifest {
  kind: string
  metadata: { name: string }
  data?: Record<string, string>
  spec: {
    selector?: unknown
    ports?: Port[]
    template?: { metadata: { labels: object }; spec: { containers: Container[] } }
  }
}

const [{ resources }] = packageYaml('deploy/kubernetes/kustomization.yaml') as [{ resources: string[] }]
const manifests = resources.flatMap((file) => packageYaml(`deploy/kubernetes/${file}`) as Manifest[])
const containers = manifests.flatMap(({ metadata, spec }) =>
  (spec?.template?.spec.containers ?? []).map((container) => ({ name: metadata.name, container })),
)
const maps = new Map(manifests.filter(({ kind }) => kind === 'ConfigMap').map((m) => [m.metadata.name, m.data ?? {}]))

t.test('the containers run commands that there are, with settings that there are', async (t) => {
  const { version } = JSON.parse(packageFile('package.json')) as { version: string }
  t.equal(containers.length, 4)
  for (const { name, container } of containers) {
    t.equal(container.image, `pinpoint-collector:${version}`, name)
    t.ok(await isCommand(container.args), name)
    const environment = Object.assign({}, ...(container.envFrom ?? []).map((from) => maps.get(from.configMapRef.name)))
    for (const { name, value } of container.env ?? [])
      environment[name] = name.endsWith('_FILE') ? 'package.json' : value
    const { code, lines } = await configComplaints(environment)
    t.same({ code, lines }, { code: 0, lines: [] }, name)
  }
})

t.test('what keeps running is probed: alive is the process, ready is the store', async (t) => {
  const running = containers.filter(({ container }) => container.args[0] !== 'tables')
  for (const { name, container } of running) {
    t.equal(container.livenessProbe?.httpGet.path, '/health/live', name)
    t.equal(container.readinessProbe?.httpGet.path, '/health/ready', name)
    for (const probe of [container.livenessProbe, container.readinessProbe])
      t.ok(
        container.ports?.some((port) => port.name === probe?.httpGet.port),
        name,
      )
  }
})

t.test('each collector has a Service with the ports of the broker, TCP and UDP', async (t) => {
  const broker = containers.find(({ name }) => name === 'pinpoint-broker')
  const collectors = broker?.container.env?.find(({ name }) => name === 'PINPOINT_BROKER_COLLECTORS')?.value.split(',')
  t.equal(collectors?.length, 2)
  for (const collector of collectors ?? []) {
    const service = manifests.find(({ kind, metadata }) => kind === 'Service' && metadata.name === collector)
    t.same(service?.spec.selector, { 'statefulset.kubernetes.io/pod-name': collector })
    t.same(
      service?.spec.ports?.map(({ port, protocol }) => `${port}/${protocol}`),
      ['29994/TCP', '29995/UDP', '29996/UDP'],
    )
  }
})
