/** Launch an instance. */
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { type PlannedCall, planned } from '../../wizard/planned-call.ts'
import { ChoiceField, type Option, TextField } from '../parts/fields.tsx'
import { PlanForm } from '../parts/plan-form.tsx'
import { estate, openCard } from '../state.ts'
import { groupChoices, subnetChoices } from './choices.ts'
import { named } from './tags.ts'

const IMAGES: readonly Option[] = [
  ['resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64', 'Amazon Linux 2023'],
]
const TYPES: readonly Option[] = ['t2.micro', 't3.nano', 't3.micro', 't3.small'].map((type) => [type, type])

const name = signal('')
const image = signal(IMAGES[0]?.[0] ?? '')
const type = signal('t2.micro')
const subnet = signal('')
const group = signal('')
const publicIp = signal('subnet')

const vpcId = (): string | undefined => estate.value.subnets.find(({ id }) => id === subnet.value)?.vpcId

function plan(): readonly PlannedCall[] {
  if (!subnet.value) throw new Error('Choose a subnet.')
  const groups = groupChoices(estate.value, vpcId()).some(([id]) => id === group.value) ? [group.value] : []
  const net = {
    DeviceIndex: 0,
    SubnetId: subnet.value,
    ...(publicIp.value !== 'subnet' && { AssociatePublicIpAddress: publicIp.value === 'yes' }),
    ...(groups.length > 0 && { Groups: groups }),
  }
  const input = {
    ImageId: image.value,
    InstanceType: type.value as 't2.micro',
    MinCount: 1,
    MaxCount: 1,
    ...(publicIp.value === 'subnet'
      ? { SubnetId: subnet.value, ...(groups.length > 0 && { SecurityGroupIds: groups }) }
      : { NetworkInterfaces: [net] }),
    ...named('instance' as const, name.value),
  }
  return [planned('Launch instance', 'RunInstances', input, { name: 'instance', id: ['Instances', '0', 'InstanceId'] })]
}

export function LaunchForm({ about }: { about?: string }) {
  useEffect(() => {
    if (about) subnet.value = about
  }, [about])
  return (
    <PlanForm submit="Launch instance" plan={plan} done={(made) => openCard(made.get('instance') ?? '')}>
      <TextField label="Name" value={name} placeholder="Instance 1" />
      <div class="pair">
        <ChoiceField label="Amazon Machine Image" value={image} options={IMAGES} />
        <ChoiceField label="Instance type" value={type} options={TYPES} />
      </div>
      <ChoiceField label="Subnet" value={subnet} options={subnetChoices(estate.value)} />
      <ChoiceField
        label="Auto-assign public IP"
        value={publicIp}
        options={[
          ['subnet', "As the subnet's setting says"],
          ['yes', 'Enable'],
          ['no', 'Disable'],
        ]}
      />
      <ChoiceField
        label="Security group"
        value={group}
        options={[['', "The VPC's default group"], ...groupChoices(estate.value, vpcId())]}
        hint="Without a key pair: connect with EC2 Instance Connect."
      />
    </PlanForm>
  )
}
