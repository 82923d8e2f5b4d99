/** The card of a subnet. */
import { signal } from '@preact/signals'
import { type PlannedCall, planned } from '../../wizard/planned-call.ts'
import { isPublic, labelOf, type RouteTable, type Subnet, tableOf } from '../estate/estate.ts'
import { ChoiceField, type Option } from '../parts/fields.tsx'
import { estate, openForm } from '../state.ts'
import { Doings, Facts, Link, Links } from './facts.tsx'

const chosen = signal('')

const tableChoices = ({ vpcId }: Subnet): Option[] =>
  estate.value.tables
    .filter((table) => table.vpcId === vpcId)
    .map((table) => [table.id, `${labelOf(table)}${table.main ? ' (main)' : ''}`])

/** A subnet that has a table of its own gets another in its place. */
function association(subnet: Subnet, table: RouteTable | undefined): readonly PlannedCall[] {
  const { id } = subnet
  if (!tableChoices(subnet).some(([one]) => one === chosen.value))
    throw new Error('Choose the route table that the subnet shall use.')
  const own = table?.associations.find(({ subnetId }) => subnetId === id)
  if (!own) return [planned('Associate', 'AssociateRouteTable', { RouteTableId: chosen.value, SubnetId: id })]
  const input = { AssociationId: own.id, RouteTableId: chosen.value }
  return [planned('Replace association', 'ReplaceRouteTableAssociation', input)]
}

export function SubnetCard({ thing: subnet }: { thing: Subnet }) {
  const table = tableOf(estate.value, subnet)
  const isOwn = table?.associations.some(({ subnetId }) => subnetId === subnet.id)
  return (
    <>
      <Facts
        facts={[
          ['Subnet ID', subnet.id],
          ['IPv4 CIDR', subnet.cidr],
          ['Availability Zone', subnet.zone],
          ['Reach', isPublic(table) ? 'public: its route table leads to an internet gateway' : 'private'],
          ['Available addresses', String(subnet.free)],
          ['VPC', <Link to={estate.value.vpcs.find(({ id }) => id === subnet.vpcId)} />],
          [
            'Route table',
            <>
              <Link to={table} /> {isOwn ? '' : '(the main one)'}
            </>,
          ],
          ['Instances', <Links to={estate.value.instances.filter(({ subnetId }) => subnetId === subnet.id)} />],
        ]}
      />
      <div class="row">
        <button type="button" class="primary" onClick={() => openForm('launch', subnet.id)}>
          Launch an instance here
        </button>
      </div>
      <Doings
        doings={[
          {
            words: 'Edit route table association',
            plan: () => association(subnet, table),
            children: <ChoiceField label="Route table" value={chosen} options={tableChoices(subnet)} />,
          },
          ...[true, false].map((Value) => ({
            words: `${Value ? 'Enable' : 'Disable'} auto-assign public IPv4`,
            plan: () => [
              planned('Modify subnet', 'ModifySubnetAttribute', {
                SubnetId: subnet.id,
                MapPublicIpOnLaunch: { Value },
              }),
            ],
          })),
          {
            words: 'Delete subnet',
            danger: true,
            sure: 'A subnet can be deleted when nothing is in it.',
            plan: () => [planned('Delete subnet', 'DeleteSubnet', { SubnetId: subnet.id })],
          },
        ]}
      />
    </>
  )
}
