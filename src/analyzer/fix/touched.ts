/** Which interfaces a change of the records can matter to: for what they get, and for what they send. */
import { routeTableOf } from '../../ec2/route-table.ts'
import type { Change, Draft, State } from '../../ec2/state.ts'

/** Ids of interfaces. */
export interface Touched {
  readonly receivers: ReadonlySet<string>
  readonly senders: ReadonlySet<string>
}

/** What a draft changes of the records before it. */
export function touchedBy(before: State, after: Draft): Touched {
  const receivers = new Set<string>()
  const senders = new Set<string>()
  for (const change of after.changes()) {
    const [old, now] = [before.get(change.type, change.id), after.get(change.type, change.id)]
    const record = (now ?? old) as unknown as Fields | undefined
    if (!record) continue
    const ids = (OF_TYPE[change.type] ?? none)(after, record, old as unknown as Fields | undefined)
    const isRule = change.type === 'security-group-rule'
    for (const id of ids) {
      if (!isRule || record.egress === false) receivers.add(id)
      if (!isRule || record.egress === true) senders.add(id)
    }
  }
  return { receivers, senders }
}

type Fields = Readonly<Record<string, unknown>>
type Interfaces = (state: State, record: Fields, old: Fields | undefined) => readonly string[]

const none: Interfaces = () => []

const where = (state: State, field: 'groupIds' | 'subnetId' | 'vpcId', value: unknown): string[] =>
  state.where('network-interface', field, String(value)).map(({ id }) => id)

const attachedTo = (state: State, instance: unknown): string[] =>
  [...state.all('network-interface')]
    .filter(({ attachment }) => attachment?.instanceId === instance)
    .map(({ id }) => id)

/** A record's kind → the interfaces that are routed, guarded or named by it. */
const OF_TYPE: Readonly<Partial<Record<Change['type'], Interfaces>>> = {
  'security-group-rule': (state, { groupId }) => where(state, 'groupIds', groupId),
  'network-acl': (state, { associations }) =>
    (associations as readonly { subnetId: string }[]).flatMap(({ subnetId }) => where(state, 'subnetId', subnetId)),
  'route-table': (state, { id, vpcId }) =>
    state
      .where('subnet', 'vpcId', String(vpcId))
      .filter((subnet) => routeTableOf(state, subnet).id === id)
      .flatMap((subnet) => where(state, 'subnetId', subnet.id)),
  'vpc-peering-connection': (state, { requesterVpcId, accepterVpcId }) =>
    [requesterVpcId, accepterVpcId].flatMap((vpc) => where(state, 'vpcId', vpc)),
  'internet-gateway': (state, { vpcId }, old) =>
    [vpcId, old?.vpcId].flatMap((vpc) => (vpc === undefined ? [] : where(state, 'vpcId', vpc))),
  'elastic-ip': (_, { networkInterfaceId }, old) =>
    [networkInterfaceId, old?.networkInterfaceId].flatMap((id) => (typeof id === 'string' ? [id] : [])),
  'network-interface': (_, { id }) => [String(id)],
  instance: (state, { id }) => attachedTo(state, id),
  'vpc-block-public-access-exclusion': (state, { vpcId, subnetId }) =>
    subnetId === undefined ? where(state, 'vpcId', vpcId) : where(state, 'subnetId', subnetId),
  'vpc-block-public-access-options': (state, { account, region }) =>
    state
      .where('network-interface', 'account', String(account))
      .flatMap((eni) => (eni.region === region ? eni.id : [])),
}
