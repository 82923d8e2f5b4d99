/** The card of a subnet. */
import { planned } from '../../wizard/planned-call.ts'
import { isPublic, type Subnet, tableOf } from '../estate/estate.ts'
import { estate, openForm } from '../state.ts'
import { Doings, Facts, Link, Links } from './facts.tsx'

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
