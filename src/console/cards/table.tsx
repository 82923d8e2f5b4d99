/** The card of a route table: its routes as a table that can be edited, and its subnets. */
import { type Signal, useSignal } from '@preact/signals'
import { type PlannedCall, planned } from '../../wizard/planned-call.ts'
import { targetChoices } from '../forms/choices.ts'
import { type Estate, labelOf, type Route, type RouteTable, tableOf } from '../estate/estate.ts'
import { ChoiceField, TextField } from '../parts/fields.tsx'
import { PlanForm } from '../parts/plan-form.tsx'
import { RuleCount } from '../live/counters.tsx'
import { estate } from '../state.ts'
import { Doings, Facts, Link, Links } from './facts.tsx'
import { set } from '../parts/set.ts'

export function TableCard({ thing: table }: { thing: RouteTable }) {
  const chosen = useSignal('')
  const { vpcs, subnets } = estate.value
  return (
    <>
      <Facts
        facts={[
          ['Route table ID', table.id],
          ['Main', table.main ? 'yes' : 'no'],
          ['VPC', <Link to={vpcs.find(({ id }) => id === table.vpcId)} />],
          ['Subnets', <Links to={subnets.filter((subnet) => tableOf(estate.value, subnet)?.id === table.id)} />],
        ]}
      />
      <h3>Routes</h3>
      <table class="rows">
        <thead>
          <tr>
            <th>Destination</th>
            <th>Target</th>
            <th>Status</th>
            <th>
              <span class="hidden">Delete</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {table.routes.map((route) => (
            <RouteRow key={`${route.destination}${route.target}`} route={route} chosen={chosen} tableId={table.id} />
          ))}
        </tbody>
      </table>
      {chosen.value && (
        <div class="doing">
          <PlanForm
            submit={`Delete the route to ${chosen.value}`}
            danger
            plan={() => [
              planned('Delete route', 'DeleteRoute', { RouteTableId: table.id, ...destination(chosen.value) }),
            ]}
            done={() => set(chosen, '')}
          />
        </div>
      )}
      <AddRoute table={table} />
      {!table.main && (
        <Doings
          doings={[
            {
              words: 'Delete route table',
              danger: true,
              sure: 'A route table can be deleted when no subnet is associated with it.',
              plan: () => [planned('Delete route table', 'DeleteRouteTable', { RouteTableId: table.id })],
            },
          ]}
        />
      )}
    </>
  )
}

const destination = (block: string) =>
  block.includes(':') ? { DestinationIpv6CidrBlock: block } : { DestinationCidrBlock: block }

/** The Name of what a route leads to. */
function targetName({ gateways, peerings, instances }: Estate, target: string): string {
  const thing = [...gateways, ...peerings, ...instances].find(({ id }) => id === target)
  return thing ? labelOf(thing) : target
}

interface RouteRowProps {
  readonly route: Route
  readonly chosen: Signal<string>
  readonly tableId: string
}

function RouteRow({ route, chosen, tableId }: RouteRowProps) {
  const { destination: to, target, state } = route
  return (
    <tr>
      <td>{to}</td>
      <td title={target}>{targetName(estate.value, target)}</td>
      <td>
        <span class={`chip ${state}`}>{state}</span> <RuleCount resource={tableId} rule={to} />
      </td>
      <td>
        {target !== 'local' && (
          <button type="button" class="quiet" aria-label={`Delete the route to ${to}`} onClick={() => set(chosen, to)}>
            ✕
          </button>
        )}
      </td>
    </tr>
  )
}

/** Prefix of an id → the parameter that names such a target. */
const PARAMETERS = {
  igw: 'GatewayId',
  pcx: 'VpcPeeringConnectionId',
  nat: 'NatGatewayId',
  eigw: 'EgressOnlyInternetGatewayId',
  i: 'InstanceId',
} as const

function AddRoute({ table }: { table: RouteTable }) {
  const to = useSignal('')
  const target = useSignal('')
  const plan = (): readonly PlannedCall[] => {
    if (!to.value.trim() || !target.value) throw new Error('Give the block to reach, and what leads there.')
    const parameter = PARAMETERS[target.value.split('-')[0] as keyof typeof PARAMETERS]
    const input = { RouteTableId: table.id, ...destination(to.value.trim()), [parameter]: target.value }
    return [planned('Add route', 'CreateRoute', input)]
  }
  return (
    <section class="adding">
      <h3>Add route</h3>
      <PlanForm submit="Add route" plan={plan} done={() => set(to, '')}>
        <div class="pair">
          <TextField label="Destination" value={to} placeholder="10.2.0.0/16" />
          <ChoiceField label="Target" value={target} options={targetChoices(estate.value, table.vpcId)} />
        </div>
      </PlanForm>
    </section>
  )
}
