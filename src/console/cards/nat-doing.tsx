/** Creating a NAT gateway in a subnet: with an Elastic IP, a new one or one that is free, or a private one. */
import { signal } from '@preact/signals'
import { type PlannedCall, planned, reference } from '../../wizard/planned-call.ts'
import { isPublic, type Subnet, tableOf } from '../estate/estate.ts'
import { named } from '../forms/tags.ts'
import { ChoiceField, type Option, TabField, TextField } from '../parts/fields.tsx'
import { estate, openCard } from '../state.ts'
import type { Doing } from './facts.tsx'

const name = signal('')
const connectivity = signal('public')
const allocation = signal('')

export const natDoing = (subnet: Subnet): Doing => ({
  words: 'Create NAT gateway',
  plan: () => plan(subnet),
  done: (made) => openCard(made.get('nat') ?? ''),
  children: <Fields subnet={subnet} />,
})

function Fields({ subnet }: { subnet: Subnet }) {
  const free = estate.value.addresses.filter(({ associationId }) => associationId === '')
  const isLost = connectivity.value === 'public' && !isPublic(tableOf(estate.value, subnet))
  return (
    <>
      <TextField label="Name" value={name} />
      <TabField
        label="Connectivity type"
        value={connectivity}
        options={[
          ['public', 'Public'],
          ['private', 'Private'],
        ]}
      />
      {connectivity.value === 'public' && (
        <ChoiceField
          label="Elastic IP allocation ID"
          value={allocation}
          options={[
            ['', 'Allocate a new Elastic IP'],
            ...free.map((one): Option => [one.id, `${one.publicIp} ${one.name}`.trim()]),
          ]}
        />
      )}
      {isLost && (
        <p class="hint">This subnet is private: a public NAT gateway reaches the internet from a public one.</p>
      )}
    </>
  )
}

function plan({ id }: Subnet): readonly PlannedCall[] {
  const makes = { name: 'nat', id: ['NatGateway', 'NatGatewayId'] }
  const input = { SubnetId: id, ...named('natgateway' as const, name.value) }
  const create = (more: { AllocationId?: string; ConnectivityType?: 'private' }) =>
    planned('Create NAT gateway', 'CreateNatGateway', { ...input, ...more }, makes)
  if (connectivity.value === 'private') return [create({ ConnectivityType: 'private' })]
  const isFree = estate.value.addresses.some((one) => one.id === allocation.value && one.associationId === '')
  if (isFree) return [create({ AllocationId: allocation.value })]
  const address = planned('Allocate Elastic IP', 'AllocateAddress', {}, { name: 'eip', id: ['AllocationId'] })
  return [address, create({ AllocationId: reference('eip') })]
}
