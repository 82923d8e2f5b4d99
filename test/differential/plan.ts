/** A random network as a list of steps in EC2's terms, with flows over it. Plain data, so that it can shrink. */
import { type PlannedFlow, randomFlow } from './planned-flow.ts'
import type { Random } from './random.ts'

/** Names are local to a plan (`vpc1`, `subnet3`); a step whose names are not there is passed over. */
export type Step =
  | { readonly do: 'vpc'; readonly name: string; readonly cidr: string; readonly gateway: boolean }
  | { readonly do: 'subnet'; readonly name: string; readonly vpc: string; readonly cidr: string }
  | { readonly do: 'table'; readonly name: string; readonly vpc: string; readonly subnet: string }
  | { readonly do: 'peer'; readonly name: string; readonly from: string; readonly to: string; readonly accept: boolean }
  | { readonly do: 'unpeer'; readonly name: string }
  | { readonly do: 'route'; readonly table: string; readonly cidr: string; readonly target: string }
  | { readonly do: 'acl'; readonly name: string; readonly vpc: string; readonly subnet: string }
  | {
      readonly do: 'entry'
      readonly acl: string
      readonly egress: boolean
      readonly number: number
      readonly allow: boolean
      readonly cidr: string
      readonly match: Protocol
    }
  | { readonly do: 'group'; readonly name: string; readonly vpc: string; readonly closed: boolean }
  | {
      readonly do: 'rule'
      readonly group: string
      readonly egress: boolean
      readonly remote: string
      readonly match: Protocol
    }
  | {
      readonly do: 'instance'
      readonly name: string
      readonly subnet: string
      readonly host: number
      readonly groups: readonly string[]
      readonly address: boolean
      readonly check: boolean
    }
  | { readonly do: 'nat'; readonly name: string; readonly subnet: string; readonly private: boolean }
  | { readonly do: 'detach'; readonly vpc: string }
  | { readonly do: 'block'; readonly mode: 'block-bidirectional' | 'block-ingress' }
  | { readonly do: 'exclude'; readonly what: string; readonly mode: 'allow-bidirectional' | 'allow-egress' }

/** -1 any, 1 ICMP with an optional type, 6 and 17 with an optional port range. */
export interface Protocol {
  readonly protocol: -1 | 1 | 6 | 17
  readonly ports?: readonly [number, number]
  readonly type?: number
}

export interface Plan {
  readonly steps: readonly Step[]
  readonly flows: readonly PlannedFlow[]
}

export function randomPlan(random: Random, flows: number): Plan {
  const steps: Step[] = []
  const count = { vpc: 0, subnet: 0, table: 0, peer: 0, acl: 0, group: 0, instance: 0, nat: 0 }
  const name = (kind: keyof typeof count) => `${kind}${++count[kind]}`
  const vpcs = Array.from({ length: 2 + random.below(2) }, (_, i) => {
    const second = random.chance(0.2) ? 1 : i + 1
    return {
      name: name('vpc'),
      second,
      subnets: [] as { name: string; cidr: string; table: string }[],
      groups: [] as string[],
      instances: [] as string[],
      nats: [] as string[],
    }
  })
  for (const vpc of vpcs) steps.push(...vpcSteps(random, vpc, name))
  for (const [i, from] of vpcs.entries())
    for (const to of vpcs.slice(i + 1)) if (random.chance(0.85)) steps.push(...peerSteps(random, from, to, name))
  for (const vpc of vpcs) steps.push(...routeSteps(random, vpc, vpcs, steps))
  if (random.chance(0.08)) steps.push({ do: 'unpeer', name: 'peer1' })
  if (random.chance(0.1)) steps.push(...blockSteps(random, vpcs))
  return { steps, flows: Array.from({ length: flows }, () => randomFlow(random, vpcs)) }
}

/** Block Public Access, with an exclusion of many a subnet and of a VPC now and then. */
function blockSteps(random: Random, vpcs: readonly PlannedVpc[]): Step[] {
  const excluded = vpcs.flatMap(({ name, subnets }) => [
    ...(random.chance(0.15) ? [name] : []),
    ...subnets.flatMap((subnet) => (random.chance(0.4) ? subnet.name : [])),
  ])
  return [
    { do: 'block', mode: random.pick(['block-bidirectional', 'block-ingress'] as const) },
    ...excluded.map(
      (what): Step => ({ do: 'exclude', what, mode: random.pick(['allow-bidirectional', 'allow-egress'] as const) }),
    ),
  ]
}

interface PlannedVpc {
  readonly name: string
  readonly second: number
  readonly subnets: { name: string; cidr: string; table: string }[]
  readonly groups: string[]
  readonly instances: string[]
  readonly nats: string[]
}
type Namer = (kind: 'vpc' | 'subnet' | 'table' | 'peer' | 'acl' | 'group' | 'instance' | 'nat') => string

const cidrOf = (vpc: PlannedVpc) => `10.${vpc.second}.0.0/16`

function vpcSteps(random: Random, vpc: PlannedVpc, name: Namer): Step[] {
  const steps: Step[] = [{ do: 'vpc', name: vpc.name, cidr: cidrOf(vpc), gateway: random.chance(0.85) }]
  for (let i = 0; i < 1 + random.below(2); i++) {
    const subnet = { name: name('subnet'), cidr: `10.${vpc.second}.${i * 16}.0/20`, table: name('table') }
    vpc.subnets.push(subnet)
    steps.push({ do: 'subnet', name: subnet.name, vpc: vpc.name, cidr: subnet.cidr })
    steps.push({ do: 'table', name: subnet.table, vpc: vpc.name, subnet: subnet.name })
    if (random.chance(0.4)) steps.push(...aclSteps(random, vpc, subnet.name, name('acl')))
  }
  steps.push(...natSteps(random, vpc, name))
  for (let i = 0; i < 2; i++) steps.push(...groupSteps(random, vpc, name('group')))
  for (let i = 0; i < 2 + random.below(2); i++) {
    const instance = name('instance')
    vpc.instances.push(instance)
    const groups = random.chance(0.3) ? vpc.groups.slice(0, 2) : [random.pick(vpc.groups)]
    steps.push({
      do: 'instance',
      name: instance,
      subnet: random.pick(vpc.subnets).name,
      host: 4 + i,
      groups,
      address: random.chance(0.6),
      check: random.chance(0.8),
    })
  }
  return steps
}

/** Before the instances, which would have all Elastic IPs else. */
function natSteps(random: Random, vpc: PlannedVpc, name: Namer): Step[] {
  const count = random.weighted([
    [4, 0],
    [4, 1],
    [1, 2],
  ])
  return Array.from({ length: count }, (): Step => {
    const nat = name('nat')
    vpc.nats.push(nat)
    return { do: 'nat', name: nat, subnet: random.pick(vpc.subnets).name, private: random.chance(0.25) }
  })
}

function aclSteps(random: Random, vpc: PlannedVpc, subnet: string, acl: string): Step[] {
  const entries = Array.from(
    { length: 1 + random.below(4) },
    (_, i): Step => ({
      do: 'entry',
      acl,
      egress: random.chance(0.5),
      number: 10 + i * 10,
      allow: random.chance(0.4),
      cidr: randomRemote(random),
      match: randomProtocol(random),
    }),
  )
  const open = [true, false]
    .filter(() => random.chance(0.88))
    .map(
      (egress): Step => ({
        do: 'entry',
        acl,
        egress,
        number: 900,
        allow: true,
        cidr: '0.0.0.0/0',
        match: { protocol: -1 },
      }),
    )
  return [{ do: 'acl', name: acl, vpc: vpc.name, subnet }, ...entries, ...open]
}

function groupSteps(random: Random, vpc: PlannedVpc, group: string): Step[] {
  vpc.groups.push(group)
  const closed = random.chance(0.2)
  const ingress = Array.from(
    { length: 1 + random.below(4) },
    (): Step => ({
      do: 'rule',
      group,
      egress: false,
      remote: random.chance(0.25) ? random.pick(['group1', 'group2', 'group3', 'group4']) : randomRemote(random),
      match: randomProtocol(random),
    }),
  )
  const egress = closed
    ? Array.from(
        { length: random.below(3) },
        (): Step => ({ do: 'rule', group, egress: true, remote: randomRemote(random), match: randomProtocol(random) }),
      )
    : []
  return [{ do: 'group', name: group, vpc: vpc.name, closed }, ...ingress, ...egress]
}

const randomRemote = (random: Random): string =>
  random.weighted([
    [9, '0.0.0.0/0'],
    [2, '10.0.0.0/8'],
    [1, '10.1.0.0/16'],
    [1, '10.2.0.0/16'],
    [1, '10.1.0.0/20'],
    [1, '203.0.113.0/24'],
    [1, '198.18.0.0/15'],
  ])

function randomProtocol(random: Random): Protocol {
  return random.weighted<() => Protocol>([
    [6, () => ({ protocol: -1 })],
    [2, () => ({ protocol: 1 })],
    [1, () => ({ protocol: 1, type: random.pick([0, 8]) })],
    [3, () => ({ protocol: 6, ...portRange(random) })],
    [2, () => ({ protocol: 17, ...portRange(random) })],
  ])()
}

const portRange = (random: Random): { ports: readonly [number, number] } => ({
  ports: random.weighted([
    [3, [0, 65535]],
    [2, [22, 22]],
    [2, [80, 443]],
    [1, [1024, 65535]],
    [1, [53, 53]],
  ] as const),
})

function peerSteps(random: Random, from: PlannedVpc, to: PlannedVpc, name: Namer): Step[] {
  return [{ do: 'peer', name: name('peer'), from: from.name, to: to.name, accept: random.chance(0.93) }]
}

function routeSteps(random: Random, vpc: PlannedVpc, vpcs: readonly PlannedVpc[], steps: readonly Step[]): Step[] {
  const peers = steps.flatMap((s) => (s.do === 'peer' && (s.from === vpc.name || s.to === vpc.name) ? [s] : []))
  return vpc.subnets.flatMap(({ table }) => {
    const routes: Step[] = []
    if (random.chance(0.85)) routes.push({ do: 'route', table, cidr: '0.0.0.0/0', target: wayOut(random, vpc) })
    if (vpc.nats.length > 0 && random.chance(0.25))
      routes.push({
        do: 'route',
        table,
        cidr: random.pick([...vpc.subnets.map(({ cidr }) => cidr), '203.0.113.0/24', '198.18.0.0/15', '10.0.0.0/8']),
        target: random.pick(vpc.nats),
      })
    for (const peer of peers) {
      const other = vpcs.find((v) => v.name === (peer.from === vpc.name ? peer.to : peer.from)) as PlannedVpc
      if (random.chance(0.88))
        routes.push({
          do: 'route',
          table,
          cidr: random.weighted([
            [5, cidrOf(other)],
            [1, `10.${other.second}.0.0/20`],
            [1, '10.0.0.0/8'],
          ]),
          target: peer.name,
        })
      if (random.chance(0.1))
        routes.push({
          do: 'route',
          table,
          cidr: `10.${other.second}.0.${4 + random.below(8)}/32`,
          target: random.pick(peers).name,
        })
    }
    if (random.chance(0.1) && peers[0])
      routes.push({ do: 'route', table, cidr: '203.0.113.0/24', target: random.pick(peers).name })
    if (random.chance(0.5))
      routes.push({
        do: 'route',
        table,
        cidr: random.pick([...Array<string>(3).fill('192.168.0.0/16'), '10.2.0.5/32', '8.8.8.0/24', '169.254.0.0/16']),
        target: random.pick(vpc.instances),
      })
    return routes
  })
}

const wayOut = (random: Random, { nats }: PlannedVpc): string =>
  nats.length > 0 && random.chance(0.5) ? random.pick(nats) : 'gateway'
