/** The card of a peering connection: its two sides, accepting and rejecting, and the routes that it needs. */
import { type Signal, useSignal } from '@preact/signals'
import { planned } from '../../wizard/planned-call.ts'
import { isOver, labelOf, type Peering, type Side } from '../estate/estate.ts'
import { CaptureButton } from '../live/capture-button.tsx'
import { CheckField } from '../parts/fields.tsx'
import { estate } from '../state.ts'
import { type Doing, Doings, Facts, Link } from './facts.tsx'
import { PeeringRoutes } from './peering-routes.tsx'
import { routeDeletion, routesTo } from './route-plans.ts'

export function PeeringCard({ thing: peering }: { thing: Peering }) {
  const withRoutes = useSignal(false)
  return (
    <>
      <Facts
        facts={[
          ['Peering connection ID', peering.id],
          ['Status', <span class={`chip ${peering.status}`}>{peering.status}</span>],
          ['Status message', peering.message],
          ['Requester', <SideView side={peering.requester} />],
          ['Accepter', <SideView side={peering.accepter} />],
        ]}
      />
      <div class="row">
        <CaptureButton at={peering.id} isOn={peering.status === 'active'} />
      </div>
      {peering.status === 'active' && <PeeringRoutes peering={peering} />}
      <Doings doings={doingsOf(peering, withRoutes)} />
    </>
  )
}

const SideView = ({ side: { vpcId, cidrs } }: { side: Side }) => (
  <>
    <Link to={estate.value.vpcs.find(({ id }) => id === vpcId) ?? { id: vpcId, name: '' }} /> {cidrs.join(', ') || '–'}
  </>
)

function doingsOf(peering: Peering, withRoutes: Signal<boolean>): Doing[] {
  const { status } = peering
  const ids = { VpcPeeringConnectionId: peering.id }
  const answers: Doing[] = [
    { words: 'Accept request', plan: () => [planned('Accept request', 'AcceptVpcPeeringConnection', ids)] },
    {
      words: 'Reject request',
      danger: true,
      sure: 'A request that is rejected can not be accepted any more.',
      plan: () => [planned('Reject request', 'RejectVpcPeeringConnection', ids)],
    },
  ]
  return [
    ...(status === 'pending-acceptance' ? answers : []),
    ...(isOver(peering) ? [] : [deletion(peering, withRoutes)]),
  ]
}

function deletion({ id }: Peering, withRoutes: Signal<boolean>): Doing {
  const routes = routesTo(estate.value, id)
  const ids = { VpcPeeringConnectionId: id }
  return {
    words: 'Delete peering connection',
    danger: true,
    confirm: 'delete',
    sure:
      routes.length === 0
        ? 'No route leads to it.'
        : `Routes that lead to it stay as blackholes unless you delete them: ${routes
            .map(({ table, route }) => `${route.destination} in ${labelOf(table)}`)
            .join(', ')}.`,
    // The routes first: with the connection goes the form that tells how it went.
    plan: () => [
      ...(withRoutes.value ? routes.flatMap(({ table, route }) => routeDeletion(table, route)) : []),
      planned('Delete peering connection', 'DeleteVpcPeeringConnection', ids),
    ],
    children: routes.length > 0 && <CheckField label="Delete related route table entries" value={withRoutes} />,
  }
}
