/** The card of a gateway: internet, NAT, egress-only. */
import { type PlannedCall, planned } from '../../wizard/planned-call.ts'
import type { Gateway } from '../estate/estate.ts'
import { CaptureButton } from '../live/capture-button.tsx'
import { estate } from '../state.ts'
import { Doings, Facts, Link } from './facts.tsx'

export function GatewayCard({ thing: gateway }: { thing: Gateway }) {
  const { vpcs, subnets } = estate.value
  return (
    <>
      <Facts
        facts={[
          ['Kind', gateway.kind],
          ['ID', gateway.id],
          ['State', gateway.state],
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
      <Doings
        doings={[
          {
            words: gateway.kind === 'internet gateway' ? 'Detach and delete' : 'Delete',
            danger: true,
            sure: 'Routes that lead to it become blackholes.',
            plan: () => deletion(gateway),
          },
        ]}
      />
    </>
  )
}

const deletion = ({ id, kind, vpcId }: Gateway): readonly PlannedCall[] => {
  if (kind === 'NAT gateway') return [planned('Delete', 'DeleteNatGateway', { NatGatewayId: id })]
  if (kind === 'egress-only internet gateway')
    return [planned('Delete', 'DeleteEgressOnlyInternetGateway', { EgressOnlyInternetGatewayId: id })]
  const detach = planned('Detach', 'DetachInternetGateway', { InternetGatewayId: id, VpcId: vpcId })
  return [...(vpcId ? [detach] : []), planned('Delete', 'DeleteInternetGateway', { InternetGatewayId: id })]
}
