/** Estates of tests: the peering lab's, and as many VPCs as one asks for. */
import { EMPTY, type Estate, type Instance, type Peering, type RouteTable } from '../../src/console/estate/estate.ts'

const instance = (id: string, vpcId: string, subnetId: string, privateIp: string): Instance => ({
  id,
  name: `web ${id}`,
  state: 'running',
  type: 't2.micro',
  vpcId,
  subnetId,
  privateIp,
  publicIp: '',
  groupIds: [],
})

export const peering = (id: string, one: string, other: string, status = 'active'): Peering => ({
  id,
  name: `${one} <> ${other}`,
  status,
  message: '',
  requester: { vpcId: one, cidrs: ['10.1.0.0/16'], region: 'us-east-1', owner: '123456789012' },
  accepter: { vpcId: other, cidrs: ['10.2.0.0/16'], region: 'us-east-1', owner: '123456789012' },
})

/** VPCs `vpc-1` and on, each with public and private subnets, and instances in all of them. */
export function estateOf(vpcCount: number, subnetsEach: number, instancesEach: number): Estate {
  const vpcs = Array.from({ length: vpcCount }, (_, i) => i + 1)
  const subnetIds = Array.from({ length: subnetsEach }, (_, i) => i + 1)
  const routes = (n: number) => [
    { destination: `10.${n}.0.0/16`, target: 'local', state: 'active' },
    { destination: '0.0.0.0/0', target: `igw-${n}`, state: 'active' },
  ]
  return {
    ...EMPTY,
    vpcs: vpcs.map((n) => ({ id: `vpc-${n}`, name: `net-${n}`, cidrs: [`10.${n}.0.0/16`], isDefault: false })),
    subnets: vpcs.flatMap((n) =>
      subnetIds.map((m) => ({
        id: `subnet-${n}-${m}`,
        name: '',
        vpcId: `vpc-${n}`,
        cidr: `10.${n}.${m * 16}.0/20`,
        zone: `us-east-1${'abc'[m % 3]}`,
        free: 4091,
      })),
    ),
    tables: vpcs.flatMap((n): RouteTable[] => [
      { id: `rtb-${n}-main`, name: '', vpcId: `vpc-${n}`, main: true, associations: [], routes: routes(n).slice(0, 1) },
      {
        id: `rtb-${n}`,
        name: 'public',
        vpcId: `vpc-${n}`,
        main: false,
        associations: [{ id: `rtbassoc-${n}`, subnetId: `subnet-${n}-1` }],
        routes: routes(n),
      },
    ]),
    gateways: vpcs.map((n) => ({
      id: `igw-${n}`,
      name: '',
      kind: 'internet gateway' as const,
      vpcId: `vpc-${n}`,
      subnetId: '',
      state: 'available',
      publicIp: '',
    })),
    instances: vpcs.flatMap((n) =>
      subnetIds.flatMap((m) =>
        Array.from({ length: instancesEach }, (_, i) =>
          instance(`i-${n}-${m}-${i}`, `vpc-${n}`, `subnet-${n}-${m}`, `10.${n}.${m * 16}.${i + 4}`),
        ),
      ),
    ),
  }
}

/** Two VPCs with an instance each, and the peering between them, with routes to it on both sides. */
export function lab(status = 'active'): Estate {
  const plain = estateOf(2, 1, 1)
  const route = (n: number) => ({ destination: `10.${3 - n}.0.0/16`, target: 'pcx-1', state: 'active' })
  return {
    ...plain,
    peerings: [peering('pcx-1', 'vpc-1', 'vpc-2', status)],
    tables: plain.tables.map((table) =>
      table.main ? table : { ...table, routes: [...table.routes, route(Number(table.id.slice(-1)))] },
    ),
  }
}
