import t from 'tap'
import { credentialProblems, pinpointService, type VcapServices, vcapServices } from '../../acceptance/vcap-services.js'

// as the guide prints it
const PRINTED: VcapServices = JSON.parse(`{ "Pinpoint": [ {
  "credentials": { "application_name": "spring-music", "collector_host": "10.244.2.30",
    "collector_span_port": 29996, "collector_stat_port": 29995, "collector_tcp_port": 29994 },
  "label": "Pinpoint", "name": "PS1", "plan": "Pinpoint_standard", "provider": null,
  "syslog_drain_url": null, "tags": ["pinpoint"], "volume_mounts": [] } ] }`)
const [BOUND] = PRINTED.Pinpoint

t.test('VCAP_SERVICES is as the guide prints it', async (t) => {
  const service = { name: 'Pinpoint', tags: ['pinpoint'] }
  t.strictSame(vcapServices(service, 'Pinpoint_standard', 'PS1', BOUND.credentials), PRINTED)
})

t.test('the buildpack finds the service by its tag: its label has a capital letter', async (t) => {
  t.equal(pinpointService(PRINTED), BOUND)
  t.throws(() => pinpointService({ Pinpoint: [{ ...BOUND, tags: [] }] }), /0 bound services/)
})

t.test('the buildpack takes exactly one, and only with a collector', async (t) => {
  t.throws(() => pinpointService({ Pinpoint: [BOUND, BOUND] }), /2 bound services/)
  t.throws(() => pinpointService({ Pinpoint: [{ ...BOUND, credentials: {} as never }] }), /0 bound services/)
  const other = { ...BOUND, name: 'db', label: 'mysql', tags: ['sql'] }
  t.equal(pinpointService({ mysql: [other], Pinpoint: [BOUND] }), BOUND)
})

t.test('credentials of the exact shape have no problems', async (t) => {
  t.strictSame(credentialProblems(BOUND.credentials), [])
})

t.test('ports as texts, a missing host and an unknown key are told', async (t) => {
  const { collector_host: _, ...rest } = BOUND.credentials
  t.strictSame(credentialProblems({ ...rest, collector_tcp_port: '29994', uri: 'x' }), [
    'collector_host: no text',
    'collector_tcp_port: no port number',
    'uri: not known to buildpacks',
  ])
  t.strictSame(credentialProblems(undefined), ['there are no credentials'])
})
