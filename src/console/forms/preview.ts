/** What a plan would make, as an estate that a map can be drawn of before anything is made. */
import type { PlannedCall } from '../../wizard/planned-call.ts'
import { EMPTY, type Estate, type Route } from '../estate/estate.ts'

interface Told {
  readonly CidrBlock?: string
  readonly AvailabilityZone?: string
  readonly DestinationCidrBlock?: string
  readonly GatewayId?: string
  readonly NatGatewayId?: string
  readonly RouteTableId?: string
  readonly SubnetId?: string
  readonly TagSpecifications?: readonly { readonly Tags: readonly { readonly Value: string }[] }[]
}
type Step = (estate: Estate, input: Told, id: string) => Estate

const nameIn = ({ TagSpecifications }: Told): string => TagSpecifications?.[0]?.Tags[0]?.Value ?? ''
const VPC = '<vpc>'
/** As an id, for what leads there is public. */
const GATEWAY = 'igw-<new>'

const gateway: (kind: Estate['gateways'][number]['kind'], state: string) => Step =
  (kind, state) => (estate, input, id) => ({
    ...estate,
    gateways: [
      ...estate.gateways,
      { id, name: nameIn(input), kind, vpcId: VPC, subnetId: input.SubnetId ?? '', state, publicIp: '' },
    ],
  })

/** The table of an input, changed. */
const inTable = (
  estate: Estate,
  { RouteTableId }: Told,
  change: (table: Estate['tables'][number]) => object,
): Estate => ({
  ...estate,
  tables: estate.tables.map((table) => (table.id === RouteTableId ? { ...table, ...change(table) } : table)),
})

const blocksOf = ({ vpcs }: Estate): Route[] =>
  (vpcs[0]?.cidrs ?? []).map((destination) => ({ destination, target: 'local', state: 'active' }))

const STEPS: Readonly<Record<string, Step>> = {
  CreateVpc(estate, input, id) {
    const vpc = { id, name: nameIn(input), cidrs: [input.CidrBlock ?? ''], isDefault: false }
    const main = { id: '<main>', name: '', vpcId: id, main: true, associations: [] }
    const next = { ...estate, vpcs: [vpc] }
    return { ...next, tables: [{ ...main, routes: blocksOf(next) }] }
  },
  CreateSubnet: (estate, input, id) => ({
    ...estate,
    subnets: [
      ...estate.subnets,
      { id, name: nameIn(input), vpcId: VPC, cidr: input.CidrBlock ?? '', zone: input.AvailabilityZone ?? '', free: 0 },
    ],
  }),
  CreateInternetGateway: (estate, input) => gateway('internet gateway', 'available')(estate, input, GATEWAY),
  CreateNatGateway: gateway('NAT gateway', 'available'),
  CreateRouteTable: (estate, input, id) => ({
    ...estate,
    tables: [
      ...estate.tables,
      { id, name: nameIn(input), vpcId: VPC, main: false, associations: [], routes: blocksOf(estate) },
    ],
  }),
  CreateRoute: (estate, input) =>
    inTable(estate, input, ({ routes }) => ({
      routes: [
        ...routes,
        {
          destination: input.DestinationCidrBlock ?? '',
          target: input.GatewayId ? GATEWAY : (input.NatGatewayId ?? ''),
          state: 'active',
        },
      ],
    })),
  AssociateRouteTable: (estate, input) =>
    inTable(estate, input, ({ associations }) => ({
      associations: [...associations, { id: '', subnetId: input.SubnetId ?? '' }],
    })),
}

export const previewOf = (calls: readonly PlannedCall[]): Estate =>
  calls.reduce(
    (estate, { action, input, makes }) => STEPS[action]?.(estate, input, `<${makes?.name}>`) ?? estate,
    EMPTY,
  )
