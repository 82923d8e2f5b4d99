/** The card of a subnet. */
import { signal } from '@preact/signals'
import { type PlannedCall, planned } from '../../wizard/planned-call.ts'
import { isPublic, labelOf, type Subnet, tableOf } from '../estate/estate.ts'
import { ChoiceField, type Option } from '../parts/fields.tsx'
import { estate, openForm } from '../state.ts'
import { aclAssociations, aclOf } from './acl-plans.ts'
import { type Doing, Doings, Facts, Link, Links } from './facts.tsx'
import { natDoing } from './nat-doing.tsx'
import { association } from './route-plans.ts'

const chosen = signal('')
const chosenAcl = signal('')

const tableChoices = ({ vpcId }: Subnet): Option[] =>
  estate.value.tables
    .filter((table) => table.vpcId === vpcId)
    .map((table) => [table.id, `${labelOf(table)}${table.main ? ' (main)' : ''}`])

function tableChange(subnet: Subnet): readonly PlannedCall[] {
  const table = estate.value.tables.find(({ id, vpcId }) => id === chosen.value && vpcId === subnet.vpcId)
  if (!table) throw new Error('Choose the route table that the subnet shall use.')
  return [association(estate.value, table, subnet.id)]
}

const aclChoices = ({ vpcId }: Subnet): Option[] =>
  estate.value.acls
    .filter((acl) => acl.vpcId === vpcId)
    .map((acl) => [acl.id, `${labelOf(acl)}${acl.isDefault ? ' (default)' : ''}`])

function aclChange(subnet: Subnet): readonly PlannedCall[] {
  const acl = estate.value.acls.find(({ id, vpcId }) => id === chosenAcl.value && vpcId === subnet.vpcId)
  const calls = acl ? aclAssociations(estate.value, acl, [subnet]) : []
  if (calls.length === 0) throw new Error('Choose another network ACL for the subnet.')
  return calls
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
          ['Network ACL', <Link to={aclOf(estate.value, subnet)} />],
          ['Auto-assign public IPv4', subnet.assignsPublicIp ? 'yes' : 'no'],
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
            plan: () => tableChange(subnet),
            children: <ChoiceField label="Route table" value={chosen} options={tableChoices(subnet)} />,
          },
          {
            words: 'Edit network ACL association',
            plan: () => aclChange(subnet),
            children: <ChoiceField label="Network ACL" value={chosenAcl} options={aclChoices(subnet)} />,
          },
          natDoing(subnet),
          assignment(subnet),
          {
            words: 'Delete subnet',
            danger: true,
            confirm: 'delete',
            sure: 'A subnet can be deleted when nothing is in it.',
            plan: () => [planned('Delete subnet', 'DeleteSubnet', { SubnetId: subnet.id })],
          },
        ]}
      />
    </>
  )
}

function assignment({ id, assignsPublicIp }: Subnet): Doing {
  const input = { SubnetId: id, MapPublicIpOnLaunch: { Value: !assignsPublicIp } }
  return {
    words: `${assignsPublicIp ? 'Disable' : 'Enable'} auto-assign public IPv4`,
    plan: () => [planned('Modify subnet', 'ModifySubnetAttribute', input)],
  }
}
