/** The card of a gateway: internet, NAT, egress-only. */
import { useSignal } from '@preact/signals'
import { planned } from '../../wizard/planned-call.ts'
import type { Gateway } from '../estate/estate.ts'
import { vpcChoices } from '../forms/choices.ts'
import { CaptureButton } from '../live/capture-button.tsx'
import { ChoiceField } from '../parts/fields.tsx'
import { estate } from '../state.ts'
import { type Doing, Doings, Facts, Link } from './facts.tsx'

export function GatewayCard({ thing: gateway }: { thing: Gateway }) {
  const { vpcs, subnets } = estate.value
  return (
    <>
      <Facts
        facts={[
          ['Kind', gateway.kind],
          ['ID', gateway.id],
          ['State', <span class={`chip ${gateway.state}`}>{gateway.state}</span>],
          ['Public IPv4', gateway.publicIp],
          ['VPC', <Link to={vpcs.find(({ id }) => id === gateway.vpcId)} />],
          ['Subnet', <Link to={subnets.find(({ id }) => id === gateway.subnetId)} />],
        ]}
      />
      {gateway.kind === 'internet gateway' && (
        <div class="row">
          <CaptureButton at={gateway.id} isOn={gateway.vpcId !== ''} />
        </div>
      )}
      <Doings doings={useDoings(gateway)} />
    </>
  )
}

const BLACKHOLES = 'Routes that lead to it become blackholes.'

function useDoings({ id, kind, vpcId }: Gateway): Doing[] {
  const chosen = useSignal('')
  if (kind === 'NAT gateway')
    return [
      {
        words: 'Delete NAT gateway',
        danger: true,
        confirm: 'delete',
        sure: `${BLACKHOLES} Its Elastic IP stays yours.`,
        plan: () => [planned('Delete', 'DeleteNatGateway', { NatGatewayId: id })],
      },
    ]
  if (kind === 'egress-only internet gateway')
    return [
      {
        words: 'Delete egress-only internet gateway',
        danger: true,
        confirm: 'delete',
        sure: BLACKHOLES,
        plan: () => [planned('Delete', 'DeleteEgressOnlyInternetGateway', { EgressOnlyInternetGatewayId: id })],
      },
    ]
  const ids = { InternetGatewayId: id }
  const detach: Doing = {
    words: 'Detach from VPC',
    danger: true,
    sure: BLACKHOLES,
    plan: () => [planned('Detach', 'DetachInternetGateway', { ...ids, VpcId: vpcId })],
  }
  const attach: Doing = {
    words: 'Attach to VPC',
    plan: () => {
      if (!chosen.value) throw new Error('Choose a VPC that has no internet gateway.')
      return [planned('Attach', 'AttachInternetGateway', { ...ids, VpcId: chosen.value })]
    },
    children: <ChoiceField label="VPC" value={chosen} options={vpcChoices(estate.value)} />,
  }
  const deletion: Doing = {
    words: 'Delete internet gateway',
    danger: true,
    confirm: 'delete',
    sure: 'It can be deleted when it is detached.',
    plan: () => [planned('Delete', 'DeleteInternetGateway', ids)],
  }
  return [vpcId ? detach : attach, deletion]
}
