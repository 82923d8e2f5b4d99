/** An action's parameters by AWS's model: right in type and mostly in meaning. */
import fc from 'fast-check'
import { allKinds } from '../../src/ec2/kinds.ts'
import type { Member, Operation, ScalarType, Shape, Structure } from '../../src/protocol/model.ts'
import type { Parameter, Value } from './call.ts'
import { anyText, one, valuesFor } from './values.ts'

/** What is nearly always said, though the model does not ask for it: without it a call does not come far. */
const FAVOURED = new Map<string, readonly string[]>(
  Object.entries({
    RunInstances: ['ImageId', 'InstanceType', 'SubnetId'],
    CreateVpc: ['CidrBlock'],
    CreateSubnet: ['CidrBlock'],
    CreateVpcPeeringConnection: ['PeerVpcId'],
    CreateRoute: ['DestinationCidrBlock'],
    ReplaceRoute: ['DestinationCidrBlock'],
    DeleteRoute: ['DestinationCidrBlock'],
    AssociateRouteTable: ['SubnetId'],
    AssociateAddress: ['AllocationId'],
    AuthorizeSecurityGroupIngress: ['GroupId', 'IpPermissions'],
    AuthorizeSecurityGroupEgress: ['IpPermissions'],
    RevokeSecurityGroupIngress: ['GroupId', 'IpPermissions'],
    RevokeSecurityGroupEgress: ['IpPermissions'],
    CreateSecurityGroup: ['VpcId'],
    DeleteSecurityGroup: ['GroupId'],
    CreateNetworkAclEntry: ['CidrBlock'],
    ReplaceNetworkAclEntry: ['CidrBlock'],
    ReleaseAddress: ['AllocationId'],
    DisassociateAddress: ['AssociationId'],
    CreateNatGateway: ['AllocationId'],
    CreateTags: ['Tags'],
    AssociateVpcCidrBlock: ['CidrBlock'],
  }),
)

/** Never chosen by chance: they have a rate of their own. */
const RARE = new Set(['DryRun'])
/** Deeper than this only what must be there is written. */
const DEEPEST = 5

type Inputs = fc.Arbitrary<readonly Parameter[]>

const known = new Map<string, Inputs>()

/** The parameters of a call that comes near to a good one. */
export function inputsOf({ action, input }: Operation): Inputs {
  const parameters = known.get(action) ?? members(input, new Set(FAVOURED.get(action)), 0, aboutOf(action))
  known.set(action, parameters)
  return parameters
}

function members(structure: Structure, favoured: ReadonlySet<string>, depth: number, about: About): Inputs {
  const written = (member: Member): Inputs => parametersOf(member.shape, member.query, member.query, depth + 1, about)
  const named = structure.members.filter(({ name }) => !RARE.has(name))
  const always = named.filter(({ required }) => required)
  const usual = named.filter(({ name, required }) => !required && favoured.has(name))
  const others = named.filter(({ name, required }) => !required && !favoured.has(name))
  const chosen = depth > DEEPEST ? fc.constant([]) : fc.subarray(others, { maxLength: Math.min(4, others.length) })
  const present = fc.integer({ min: 1, max: 12 })
  return fc.tuple(chosen, ...usual.map(() => present)).chain(([some, ...weights]) => {
    const often = usual.filter((_, i) => weights[i] !== 1)
    return fc.tuple(...[...always, ...often, ...some].map(written)).map((parts) => parts.flat())
  })
}

/** The parameters below a place. */
function parametersOf(shape: Shape, name: string, place: string, depth: number, about: About): Inputs {
  if (shape.type === 'structure') return structureAt(shape, place, depth, about)
  if (shape.type !== 'list') return scalarOf(shape, name, about).map((value) => [[place, value]] as const)
  const item = fc.constant(undefined).chain(() => parametersOf(shape.of, name, '', depth + 1, about))
  const items = fc.array(item, { minLength: 1, maxLength: depth > 2 ? 2 : 3, size: 'small' })
  return items.map((list) =>
    list.flatMap((parameters, i) =>
      parameters.map(
        ([below, value]): Parameter => [below ? `${place}.${i + 1}.${below}` : `${place}.${i + 1}`, value],
      ),
    ),
  )
}

function structureAt(shape: Structure, place: string, depth: number, about: About): Inputs {
  const below = fc.constant(undefined).chain(() => members(shape, favouredIn(shape), depth, about))
  const prefix = place ? `${place}.` : ''
  return below.map((parameters) => parameters.map(([name, value]): Parameter => [`${prefix}${name}`, value]))
}

/** Of small structures (a filter, a tag, a permission) usually all is said. */
const favouredIn = ({ members: all }: Structure): ReadonlySet<string> =>
  new Set(all.length <= 3 ? all.map(({ name }) => name) : ['IpProtocol', 'FromPort', 'ToPort'])

const plain: Readonly<Record<Exclude<ScalarType, 'enum'>, fc.Arbitrary<Value>>> = {
  string: anyText,
  boolean: fc.constantFrom('true', 'false'),
  integer: fc.oneof(fc.integer({ min: -1, max: 100 }), fc.integer()).map(String),
  decimal: fc.double({ min: -1, max: 1000, noNaN: true }).map((n) => n.toFixed(3)),
  timestamp: fc.constantFrom('2026-01-01T00:00:00Z', '1970-01-01', '2030-12-31T23:59:59.999Z'),
  blob: fc.constantFrom('YQ==', ''),
}

function scalarOf(shape: Shape & { type: ScalarType }, name: string, about: About): fc.Arbitrary<Value> {
  if (shape.type === 'enum' && shape.name === 'ResourceType') return about.types
  if (shape.type === 'enum') return fc.constantFrom(...(shape.values.size > 0 ? shape.values : ['']))
  if (shape.type !== 'string' && shape.type !== 'integer' && shape.type !== 'blob') return plain[shape.type]
  if (name === 'Name') return about.filters
  return valuesFor(name) ?? plain[shape.type]
}

/** What an action is about, by its name. */
interface About {
  /** The filters of its kind, as well as tags and one that no kind has. */
  readonly filters: fc.Arbitrary<Value>
  /** What may stand as the type of what is tagged. */
  readonly types: fc.Arbitrary<Value>
}

function aboutOf(action: string): About {
  const kinds = allKinds()
  const kind = kinds
    .filter(({ type }) => action.includes(pascal(type)))
    .toSorted((one, other) => other.type.length - one.type.length)[0]
  const own = Object.keys(kind?.filters ?? {})
  const general = ['tag:Name', 'tag-key', 'tag-value', 'vpc-id', 'state', 'no-such-filter', 'group-name']
  const filters = fc.oneof(
    { arbitrary: fc.constantFrom(...(own.length > 0 ? own : general)), weight: 6 },
    { arbitrary: fc.constantFrom(...general), weight: 1 },
    { arbitrary: one('groupName'), weight: 1 },
  )
  const types = kinds.map(({ type }) => type as string)
  const any = fc.constantFrom(...types)
  const usual = fc.constantFrom(...(kind ? [kind.type as string] : types))
  return { filters, types: fc.oneof({ arbitrary: usual, weight: 8 }, { arbitrary: any, weight: 1 }) }
}

const pascal = (type: string): string => type.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())
