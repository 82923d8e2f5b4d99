/** The card of a VPC, and its deletion with what AWS's console deletes along with it. */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { deletionOf, listContents } from '../../wizard/delete-vpc.ts'
import { planned } from '../../wizard/planned-call.ts'
import { type VpcContents, vpcContents } from '../../wizard/vpc-contents.ts'
import { client } from '../api/client.ts'
import { isOver, type Vpc } from '../estate/estate.ts'
import { estate, openForm } from '../state.ts'
import { Doings, Facts, Link, Links } from './facts.tsx'
import { makingIn } from './vpc-parts.tsx'
import { set } from '../parts/set.ts'

export function VpcCard({ thing: vpc }: { thing: Vpc }) {
  const { subnets, tables, groups, acls, peerings, gateways } = estate.value
  const mine = <T extends { vpcId: string }>(things: readonly T[]) => things.filter(({ vpcId }) => vpcId === vpc.id)
  const peered = peerings.filter((one) => !isOver(one) && [one.requester.vpcId, one.accepter.vpcId].includes(vpc.id))
  return (
    <>
      <Facts
        facts={[
          ['VPC ID', vpc.id],
          ['IPv4 CIDR', vpc.cidrs.join(', ')],
          ['IPv6 CIDR', vpc.ipv6Cidrs?.join(', ')],
          ['Default VPC', vpc.isDefault ? 'yes' : ''],
          ['Subnets', <Links to={mine(subnets)} />],
          ['Route tables', <Links to={mine(tables)} />],
          ['Gateways', mine(gateways).length > 0 && <Links to={mine(gateways)} />],
          ['Peering connections', peered.length > 0 && <Links to={peered} />],
          ['Network ACLs', <Links to={mine(acls)} />],
          ['Security groups', mine(groups).map((group) => <Link key={group.id} to={group} words={group.groupName} />)],
        ]}
      />
      <div class="row">
        <button type="button" onClick={() => openForm('peering', vpc.id)}>
          Peer with another VPC
        </button>
      </div>
      <Doings doings={makingIn(vpc)} />
      <Deletion vpc={vpc} />
    </>
  )
}

function Deletion({ vpc }: { vpc: Vpc }) {
  const contents = useSignal<VpcContents | undefined>(undefined)
  const { id } = vpc
  // What is in it is read again when anything has changed.
  useEffect(() => {
    vpcContents(client, id).then(
      (found) => set(contents, found),
      () => {},
    )
  }, [id, estate.value])
  const found = contents.value
  if (!found) return null
  const isInUse = found.instances.length + found.natGateways.length + found.endpoints.length > 0
  const goes = listContents(found)
  const alone = [planned('Delete VPC', 'DeleteVpc', { VpcId: id })]
  return (
    <Doings
      doings={[
        {
          words: 'Delete VPC',
          danger: true,
          confirm: 'delete',
          sure: isInUse
            ? 'AWS lets no VPC go in which something runs: terminate and delete that first.'
            : `This goes with it: ${goes.length > 0 ? goes.join(', ') : 'nothing'}.`,
          plan: () => (isInUse ? alone : deletionOf(found).rest),
        },
      ]}
    />
  )
}
