/** The card of a route table: its routes as a table that can be edited, and its subnets. */
import { useSignal } from '@preact/signals'
import { planned } from '../../wizard/planned-call.ts'
import { type Estate, labelOf, type Route, type RouteTable, tableOf } from '../estate/estate.ts'
import { targetChoices } from '../forms/choices.ts'
import { EditableTable, type Row } from '../parts/editable-table.tsx'
import { ChecksField, ChoiceField, TextField } from '../parts/fields.tsx'
import { PlanForm } from '../parts/plan-form.tsx'
import { RuleCount } from '../live/counters.tsx'
import { set } from '../parts/set.ts'
import { estate } from '../state.ts'
import { type Doing, Doings, Facts, Link, Links } from './facts.tsx'
import { routeAddition, routeChange, routeDeletion, setMain, subnetAssociations } from './route-plans.ts'

export function TableCard({ thing: table }: { thing: RouteTable }) {
  const { vpcs, subnets } = estate.value
  const using = subnets.filter((subnet) => tableOf(estate.value, subnet)?.id === table.id)
  const explicit = new Set(table.associations.map(({ subnetId }) => subnetId))
  return (
    <>
      <Facts
        facts={[
          ['Route table ID', table.id],
          ['Main', table.main ? 'yes' : 'no'],
          ['VPC', <Link to={vpcs.find(({ id }) => id === table.vpcId)} />],
          ['Explicit subnet associations', <Links to={using.filter(({ id }) => explicit.has(id))} />],
          [
            'Subnets without a table of their own',
            table.main && <Links to={using.filter(({ id }) => !explicit.has(id))} />,
          ],
        ]}
      />
      <h3>Routes</h3>
      <EditableTable
        label="Routes"
        heads={['Destination', 'Target', 'Status']}
        rows={table.routes.map((route) => rowOf(table, route))}
        empty="None: nothing leaves a subnet."
      />
      <AddRoute table={table} />
      <Doings doings={useDoings(table)} />
    </>
  )
}

/** The Name of what a route leads to. */
function targetName({ gateways, peerings, instances }: Estate, target: string): string {
  const thing = [...gateways, ...peerings, ...instances].find(({ id }) => id === target)
  return thing ? labelOf(thing) : target
}

function rowOf(table: RouteTable, route: Route): Row {
  const { destination, target, state } = route
  const row: Row = {
    key: destination,
    name: `the route to ${destination}`,
    cells: [
      destination,
      <span title={target}>{targetName(estate.value, target)}</span>,
      <>
        <span class={`chip ${state}`}>{state}</span> <RuleCount resource={table.id} rule={destination} />
      </>,
    ],
  }
  if (target === 'local') return row
  return {
    ...row,
    edit: (close) => <RouteForm table={table} route={route} close={close} />,
    remove: () => routeDeletion(table, route),
  }
}

/** Another target for the same destination. */
function RouteForm({ table, route, close }: { table: RouteTable; route: Route; close: () => void }) {
  const target = useSignal(route.target)
  return (
    <PlanForm submit="Save route" plan={() => routeChange(table, route, target.value)} done={close} cancel={close}>
      <ChoiceField label="New target" value={target} options={targetChoices(estate.value, table.vpcId)} />
    </PlanForm>
  )
}

function AddRoute({ table }: { table: RouteTable }) {
  const to = useSignal('')
  const target = useSignal('')
  return (
    <section class="adding">
      <h3>Add route</h3>
      <PlanForm submit="Add route" plan={() => routeAddition(table, to.value, target.value)} done={() => set(to, '')}>
        <div class="pair">
          <TextField label="Destination" value={to} placeholder="10.2.0.0/16" />
          <ChoiceField label="Target" value={target} options={targetChoices(estate.value, table.vpcId)} />
        </div>
      </PlanForm>
    </section>
  )
}

function useDoings(table: RouteTable): Doing[] {
  const { subnets } = estate.value
  const wanted = useSignal<ReadonlySet<string>>(new Set(table.associations.map(({ subnetId }) => subnetId)))
  const own = subnets.filter(({ vpcId }) => vpcId === table.vpcId)
  const association: Doing = {
    words: 'Edit subnet associations',
    plan: () => subnetAssociations(estate.value, table, wanted.value),
    children: (
      <ChecksField
        label="Subnets that use this table by name"
        value={wanted}
        options={own.map((subnet) => [subnet.id, `${labelOf(subnet)} (${subnet.cidr})`])}
      />
    ),
  }
  const main: Doing = {
    words: 'Set main route table',
    sure: 'Subnets without a table of their own use this one from then on.',
    plan: () => setMain(estate.value, table),
  }
  const deletion: Doing = {
    words: 'Delete route table',
    danger: true,
    confirm: 'delete',
    sure: 'A route table can be deleted when no subnet is associated with it.',
    plan: () => [planned('Delete route table', 'DeleteRouteTable', { RouteTableId: table.id })],
  }
  return [...(own.length > 0 ? [association] : []), ...(table.main ? [] : [main, deletion])]
}
