/** Service host: what answers at an interface that AWS made for a service, such as a load balancer or a function. */
import { allKinds, register } from '../ec2/kinds.ts'
import '../ec2/registry.ts'
import { defineKind, owned, type Resource } from '../ec2/resource.ts'

/** It has the id of its interface, which is its only one. */
interface ServiceHost extends Resource {
  readonly state: 'available'
  readonly networkInterfaceId: string
}

declare module '../ec2/resource.ts' {
  interface ResourceTypes {
    'service-host': ServiceHost
  }
}

const serviceHost = defineKind({
  type: 'service-host',
  idPrefix: 'service',
  noun: 'service ID',
  codes: { notFound: 'InvalidParameterValue', malformed: 'InvalidParameterValue' },
  references: { networkInterfaceId: owned('network-interface') },
  lifecycle: {},
  filters: {},
  compile: ({ id }) => [{ node: { id, kind: 'host', origin: { resource: id } } }],
})

// Behind those of ec2, which do not know it: no call makes one.
if (!allKinds().some(({ type }) => type === serviceHost.type)) register([serviceHost as never])
