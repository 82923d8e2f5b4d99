/** Elastic IP addresses: allocate, associate, disassociate, release. */
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { type PlannedCall, planned } from '../../wizard/planned-call.ts'
import type { Address } from '../estate/estate.ts'
import { labelOf } from '../estate/estate.ts'
import { ChoiceField, TextField } from '../parts/fields.tsx'
import { Paged } from '../parts/paged.tsx'
import { PlanForm } from '../parts/plan-form.tsx'
import { estate } from '../state.ts'
import { instanceChoices } from './choices.ts'
import { named } from './tags.ts'

const name = signal('')
const instance = signal('')

const allocate = (): readonly PlannedCall[] => [
  planned('Allocate Elastic IP address', 'AllocateAddress', named('elastic-ip' as const, name.value)),
]

export function AddressesForm({ about }: { about?: string }) {
  useEffect(() => {
    if (about) instance.value = about
  }, [about])
  const { addresses } = estate.value
  return (
    <>
      {addresses.length === 0 && <p class="hint">None yet. One that is allocated here can be given to an instance.</p>}
      <Paged items={addresses} label="Elastic IP addresses">
        {(shown) => shown.map((address) => <AddressView key={address.id} address={address} />)}
      </Paged>
      <h3>Allocate</h3>
      <PlanForm submit="Allocate Elastic IP address" plan={allocate}>
        <TextField label="Name" value={name} />
      </PlanForm>
    </>
  )
}

function AddressView({ address }: { address: Address }) {
  const holder = estate.value.instances.find(({ id }) => id === address.instanceId)
  return (
    <section class="item">
      <h3>
        {address.publicIp} {address.name && <small>{address.name}</small>}
      </h3>
      {address.associationId ? (
        <>
          <p>Associated with {holder ? labelOf(holder) : address.privateIp}</p>
          <PlanForm
            submit="Disassociate"
            plan={() => [planned('Disassociate', 'DisassociateAddress', { AssociationId: address.associationId })]}
          />
        </>
      ) : (
        <PlanForm submit="Associate" plan={() => associate(address)}>
          <ChoiceField label="Instance" value={instance} options={instanceChoices(estate.value)} />
        </PlanForm>
      )}
      <PlanForm
        submit="Release"
        danger
        plan={() => [planned('Release', 'ReleaseAddress', { AllocationId: address.id })]}
      />
    </section>
  )
}

function associate({ id }: Address): readonly PlannedCall[] {
  if (!instance.value) throw new Error('Choose an instance.')
  return [planned('Associate', 'AssociateAddress', { AllocationId: id, InstanceId: instance.value })]
}
