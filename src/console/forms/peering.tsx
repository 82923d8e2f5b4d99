/** Create peering connection: a request of one VPC to another. */
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { type PlannedCall, planned } from '../../wizard/planned-call.ts'
import { ChoiceField, TextField } from '../parts/fields.tsx'
import { PlanForm } from '../parts/plan-form.tsx'
import { estate, openCard } from '../state.ts'
import { vpcChoices } from './choices.ts'
import { named } from './tags.ts'

const name = signal('')
const requester = signal('')
const accepter = signal('')

function plan(): readonly PlannedCall[] {
  if (!requester.value || !accepter.value) throw new Error('Choose the VPC that asks, and the one that is asked.')
  return [
    planned(
      'Create peering connection',
      'CreateVpcPeeringConnection',
      { VpcId: requester.value, PeerVpcId: accepter.value, ...named('vpc-peering-connection' as const, name.value) },
      { name: 'pcx', id: ['VpcPeeringConnection', 'VpcPeeringConnectionId'] },
    ),
  ]
}

export function PeeringForm({ about }: { about?: string }) {
  useEffect(() => {
    if (about) requester.value = about
  }, [about])
  const vpcs = vpcChoices(estate.value)
  return (
    <PlanForm submit="Create peering connection" plan={plan} done={(made) => openCard(made.get('pcx') ?? '')}>
      <TextField label="Name" value={name} placeholder="VPC 1 <> VPC 2" />
      <ChoiceField label="VPC ID (Requester)" value={requester} options={vpcs} />
      <ChoiceField
        label="VPC ID (Accepter)"
        value={accepter}
        options={vpcs}
        hint="Their blocks must not overlap. The request waits seven days to be accepted."
      />
    </PlanForm>
  )
}
