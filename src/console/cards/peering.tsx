/** The card of a peering connection: its two sides, accepting and rejecting, and the routes that it needs. */
import { planned } from '../../wizard/planned-call.ts'
import { isOver, labelOf, type Peering, type Side } from '../estate/estate.ts'
import { CaptureButton } from '../live/capture-button.tsx'
import { estate } from '../state.ts'
import { type Doing, Doings, Facts, Link } from './facts.tsx'

export function PeeringCard({ thing: peering }: { thing: Peering }) {
  return (
    <>
      <Facts
        facts={[
          ['Peering connection ID', peering.id],
          ['Status', <span class={`chip ${peering.status}`}>{peering.status}</span>],
          ['', peering.message],
          ['Requester', <SideView side={peering.requester} />],
          ['Accepter', <SideView side={peering.accepter} />],
        ]}
      />
      <div class="row">
        <CaptureButton at={peering.id} isOn={peering.status === 'active'} />
      </div>
      {peering.status === 'active' && <Routes peering={peering} />}
      <Doings doings={doingsOf(peering)} />
    </>
  )
}

const SideView = ({ side: { vpcId, cidrs } }: { side: Side }) => (
  <>
    <Link to={estate.value.vpcs.find(({ id }) => id === vpcId) ?? { id: vpcId, name: '' }} /> {cidrs.join(', ') || '–'}
  </>
)

function doingsOf({ id, status }: Peering): Doing[] {
  const ids = { VpcPeeringConnectionId: id }
  const answers: Doing[] = [
    { words: 'Accept request', plan: () => [planned('Accept request', 'AcceptVpcPeeringConnection', ids)] },
    {
      words: 'Reject request',
      danger: true,
      plan: () => [planned('Reject request', 'RejectVpcPeeringConnection', ids)],
    },
  ]
  const deletion: Doing = {
    words: 'Delete peering connection',
    danger: true,
    sure: 'Routes that lead to it become blackholes.',
    plan: () => [planned('Delete peering connection', 'DeleteVpcPeeringConnection', ids)],
  }
  return [...(status === 'pending-acceptance' ? answers : []), ...(isOver({ status } as Peering) ? [] : [deletion])]
}

/** Modify my route tables now: which tables of either side lead to the other side. */
function Routes({ peering }: { peering: Peering }) {
  const { requester, accepter } = peering
  return (
    <section>
      <h3>Modify my route tables now</h3>
      <p class="hint">Without a route on both sides, packets do not come, or do not come back.</p>
      {[
        [requester, accepter],
        [accepter, requester],
      ].flatMap(([mine, other]) =>
        estate.value.tables
          .filter(({ vpcId }) => vpcId === mine?.vpcId)
          .map((table) => {
            const leads = table.routes.some(({ target }) => target === peering.id)
            return (
              <p key={table.id} class={leads ? 'route-state yes' : 'route-state'}>
                <Link to={table} words={`${labelOf(table)}${table.main ? ' (main)' : ''}`} />
                {leads ? ' leads there' : ` has no route to ${other?.cidrs.join(', ')}`}
              </p>
            )
          }),
      )}
    </section>
  )
}
