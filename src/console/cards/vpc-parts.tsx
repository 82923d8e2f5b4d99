/** What can be made inside a VPC from its card: a subnet, a route table, an internet gateway, a security group. */
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { type PlannedCall, planned, reference } from '../../wizard/planned-call.ts'
import { client } from '../api/client.ts'
import { labelOf, type Vpc } from '../estate/estate.ts'
import { named } from '../forms/tags.ts'
import { ChoiceField, type Option, TextField } from '../parts/fields.tsx'
import { set } from '../parts/set.ts'
import { estate } from '../state.ts'
import type { Doing } from './facts.tsx'

const name = signal('')
const cidr = signal('')
const zone = signal('')
const gateway = signal('')
const description = signal('')
const zones = signal<readonly Option[]>([])

/** The things that can be made in `vpc`. */
export const makingIn = ({ id }: Vpc): Doing[] => [
  { words: 'Create subnet', plan: () => subnetPlan(id), children: <SubnetFields /> },
  { words: 'Create route table', plan: () => tablePlan(id), children: <NameField /> },
  { words: 'Attach an internet gateway', plan: () => gatewayPlan(id), children: <GatewayFields /> },
  { words: 'Create security group', plan: () => groupPlan(id), children: <GroupFields /> },
  { words: 'Create network ACL', plan: () => aclPlan(id), children: <NameField /> },
]

const NameField = () => <TextField label="Name" value={name} />

function SubnetFields() {
  useEffect(() => {
    client.call('DescribeAvailabilityZones', {}).then(
      ({ AvailabilityZones = [] }) =>
        set(
          zones,
          AvailabilityZones.map(({ ZoneName = '' }): Option => [ZoneName, ZoneName]),
        ),
      () => {},
    )
  }, [])
  return (
    <>
      <NameField />
      <div class="pair">
        <TextField label="IPv4 subnet CIDR block" value={cidr} placeholder="10.1.0.0/24" />
        <ChoiceField label="Availability Zone" value={zone} options={[['', 'No preference'], ...zones.value]} />
      </div>
    </>
  )
}

/** One that is attached to no VPC, or a new one. */
function GatewayFields() {
  const free = estate.value.gateways.filter(({ kind, vpcId }) => kind === 'internet gateway' && vpcId === '')
  return (
    <>
      {free.length > 0 && (
        <ChoiceField
          label="Internet gateway"
          value={gateway}
          options={[['', 'Create a new one'], ...free.map((one): Option => [one.id, labelOf(one)])]}
        />
      )}
      {gateway.value === '' && <NameField />}
    </>
  )
}

const GroupFields = () => (
  <>
    <TextField label="Security group name" value={name} />
    <TextField label="Description" value={description} />
  </>
)

function subnetPlan(vpcId: string): readonly PlannedCall[] {
  if (!cidr.value.trim()) throw new Error("Give the subnet a part of the VPC's block.")
  const where = zone.value ? { AvailabilityZone: zone.value } : {}
  const input = { VpcId: vpcId, CidrBlock: cidr.value.trim(), ...where, ...named('subnet' as const, name.value) }
  return [planned('Create subnet', 'CreateSubnet', input)]
}

const tablePlan = (vpcId: string): readonly PlannedCall[] => [
  planned('Create route table', 'CreateRouteTable', { VpcId: vpcId, ...named('route-table' as const, name.value) }),
]

function gatewayPlan(vpcId: string): readonly PlannedCall[] {
  const isFree = estate.value.gateways.some((one) => one.id === gateway.value && one.vpcId === '')
  if (!isFree) return newGatewayPlan(vpcId)
  return [planned('Attach', 'AttachInternetGateway', { InternetGatewayId: gateway.value, VpcId: vpcId })]
}

const newGatewayPlan = (vpcId: string): readonly PlannedCall[] => [
  planned('Create internet gateway', 'CreateInternetGateway', named('internet-gateway' as const, name.value), {
    name: 'igw',
    id: ['InternetGateway', 'InternetGatewayId'],
  }),
  planned('Attach', 'AttachInternetGateway', { InternetGatewayId: reference('igw'), VpcId: vpcId }),
]

const aclPlan = (vpcId: string): readonly PlannedCall[] => [
  planned('Create network ACL', 'CreateNetworkAcl', { VpcId: vpcId, ...named('network-acl' as const, name.value) }),
]

function groupPlan(vpcId: string): readonly PlannedCall[] {
  if (!name.value.trim() || !description.value.trim()) throw new Error('Give the group a name and a description.')
  const input = { VpcId: vpcId, GroupName: name.value.trim(), Description: description.value.trim() }
  return [planned('Create security group', 'CreateSecurityGroup', input)]
}
