// What the platform offers its users. Ids, names and the tag are those of the service pack 2.0 (spec: operations.md §7.2):
// instances that exist, and the buildpack (which looks for the tag "pinpoint"), depend on them.

export const SERVICE_ID = '801bd048-c570-4629-8539-301e68fe0611'
export const PLAN_ID = 'pinpoint_plan'

/** The answer to GET /v2/catalog. No `requires`: no binding has a log drain. */
export const CATALOG = {
  services: [
    {
      id: SERVICE_ID,
      name: 'Pinpoint',
      description: 'A simple pinpoint implementation',
      bindable: true,
      instances_retrievable: true,
      bindings_retrievable: true,
      plan_updateable: false,
      tags: ['pinpoint'],
      metadata: {
        displayName: 'Pinpoint Java APM',
        longDescription: 'Pinpoint Service',
        providerDisplayName: 'OpenPaas',
        documentationUrl: 'http://www.openpaas.org',
        supportUrl: 'http://www.openpaas.org',
      },
      plans: [
        {
          id: PLAN_ID,
          name: 'Pinpoint_standard',
          description: 'This is a pinpoint instance default',
          metadata: {},
          free: true,
        },
      ],
    },
  ],
}
