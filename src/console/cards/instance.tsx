/** The card of an instance. */
import { planned } from '../../wizard/planned-call.ts'
import type { Instance } from '../estate/estate.ts'
import { CaptureButton } from '../live/capture-button.tsx'
import { estate, openForm } from '../state.ts'
import { type Doing, Doings, Facts, Link } from './facts.tsx'

export function InstanceCard({ thing: instance }: { thing: Instance }) {
  const { vpcs, subnets, groups } = estate.value
  return (
    <>
      <Facts
        facts={[
          ['Instance ID', instance.id],
          ['State', <span class={`chip ${instance.state}`}>{instance.state}</span>],
          ['Type', instance.type],
          ['Private IPv4', instance.privateIp],
          ['Public IPv4', instance.publicIp || 'none'],
          ['VPC', <Link to={vpcs.find(({ id }) => id === instance.vpcId)} />],
          ['Subnet', <Link to={subnets.find(({ id }) => id === instance.subnetId)} />],
          [
            'Security groups',
            groups
              .filter(({ id }) => instance.groupIds.includes(id))
              .map((group) => <Link key={group.id} to={group} words={`${group.groupName} (${group.id})`} />),
          ],
        ]}
      />
      <div class="row">
        <button type="button" class="primary" onClick={() => openForm('connect', instance.id)}>
          Connect
        </button>
        <button type="button" onClick={() => openForm('packet', instance.id)}>
          Send a packet from here
        </button>
        <CaptureButton at={instance.id} isOn={instance.state === 'running'} />
        {!instance.publicIp && (
          <button type="button" onClick={() => openForm('addresses', instance.id)}>
            Elastic IP
          </button>
        )}
      </div>
      <Doings doings={doingsOf(instance)} />
    </>
  )
}

function doingsOf({ id, state }: Instance): Doing[] {
  const ids = { InstanceIds: [id] }
  const address = estate.value.addresses.find(({ instanceId }) => instanceId === id)
  const running: Doing[] = [
    {
      words: 'Stop',
      sure: `${id} keeps its disk and private address. ${address ? '' : 'A public one without an Elastic IP is lost.'}`,
      plan: () => [planned('Stop', 'StopInstances', ids)],
    },
    {
      words: 'Reboot',
      sure: `${id} shuts down and comes up again with the same addresses.`,
      plan: () => [planned('Reboot', 'RebootInstances', ids)],
    },
  ]
  return [
    ...(state === 'running' ? running : []),
    ...(state === 'stopped' ? [{ words: 'Start', plan: () => [planned('Start', 'StartInstances', ids)] }] : []),
    {
      words: 'Terminate',
      danger: true,
      sure:
        `${id} does not come back, and what is on its disk is lost.` +
        (address ? ` Its Elastic IP ${address.publicIp} stays yours until you release it.` : ''),
      plan: () => [planned('Terminate', 'TerminateInstances', ids)],
    },
  ]
}
