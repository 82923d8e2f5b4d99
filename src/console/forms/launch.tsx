/** Launch instances: what AWS's page asks a learner. */
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { type Made, type PlannedCall, planned } from '../../wizard/planned-call.ts'
import { client } from '../api/client.ts'
import { region } from '../api/session.ts'
import { AreaField, ChoiceField, type Option, TextField } from '../parts/fields.tsx'
import { PlanForm } from '../parts/plan-form.tsx'
import { estate, openCard } from '../state.ts'
import { subnetChoices } from './choices.ts'
import { LaunchGroup, launchGroups } from './launch-group.tsx'
import { isNewKey, keepKey, keyName, keyPlan, LaunchKey } from './launch-key.tsx'
import { named } from './tags.ts'

const LATEST: Option = [
  'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
  'Amazon Linux 2023 (latest)',
]
const TYPES: readonly Option[] = [
  ...['t2.nano', 't2.micro', 't2.small', 't2.medium', 't3.nano', 't3.micro', 't3.small', 't3.medium', 't3.large'],
  ...['t4g.nano', 't4g.micro', 't4g.small', 'm5.large', 'm5.xlarge', 'c5.large', 'c5.xlarge'],
].map((type) => [type, type])

const name = signal('')
const image = signal(LATEST[0])
const images = signal<readonly Option[]>([])
const type = signal('t2.micro')
const subnet = signal('')
const publicIp = signal('subnet')
const privateIp = signal('')
const count = signal('1')
const userData = signal('')

const vpcId = (): string | undefined => estate.value.subnets.find(({ id }) => id === subnet.value)?.vpcId

async function readImages(): Promise<void> {
  const { Images = [] } = await client.call('DescribeImages', {})
  images.value = Images.map(({ ImageId = '', Name = '' }) => [ImageId, `${Name} (${ImageId})`])
}

function plan(): readonly PlannedCall[] {
  if (isNewKey()) return keyPlan()
  const vpc = vpcId()
  if (!vpc) throw new Error('Choose a subnet.')
  const { before, groups } = launchGroups(vpc)
  const makes = { name: 'instance', id: ['Instances', '0', 'InstanceId'] }
  return [...before, planned('Launch instance', 'RunInstances', inputOf(groups), makes)]
}

function inputOf(groups: readonly string[]) {
  const amount = Number(count.value)
  if (!Number.isInteger(amount) || amount < 1) throw new Error('Give the number of instances.')
  const key = keyName()
  return {
    ImageId: image.value,
    InstanceType: type.value as 't2.micro',
    MinCount: amount,
    MaxCount: amount,
    ...(key && { KeyName: key }),
    ...networkOf(groups),
    ...(userData.value.trim() && { UserData: encoded(userData.value) }),
    ...named('instance' as const, name.value),
  }
}

/** The public address belongs to an interface: who says something of it says all of it there, as AWS's page does. */
function networkOf(groups: readonly string[]) {
  const address = privateIp.value.trim() ? { PrivateIpAddress: privateIp.value.trim() } : {}
  if (publicIp.value === 'subnet')
    return { SubnetId: subnet.value, ...address, ...(groups.length > 0 && { SecurityGroupIds: [...groups] }) }
  const own = {
    DeviceIndex: 0,
    SubnetId: subnet.value,
    AssociatePublicIpAddress: publicIp.value === 'yes',
    ...address,
    ...(groups.length > 0 && { Groups: [...groups] }),
  }
  return { NetworkInterfaces: [own] }
}

const encoded = (text: string): string => btoa(String.fromCodePoint(...new TextEncoder().encode(text)))

export function LaunchForm({ about }: { about?: string }) {
  useEffect(() => {
    if (about) subnet.value = about
  }, [about])
  useEffect(() => void readImages().catch(() => {}), [region.value])
  const done = (made: Made) => (made.has('key') ? void keepKey(made) : openCard(made.get('instance') ?? ''))
  return (
    <PlanForm submit={isNewKey() ? 'Create key pair' : 'Launch instance'} plan={plan} done={done}>
      <TextField label="Name" value={name} placeholder="Instance 1" />
      <ChoiceField
        label="Amazon Machine Image"
        value={image}
        options={[LATEST, ...images.value]}
        hint="Here all images run the same system."
      />
      <div class="pair">
        <ChoiceField label="Instance type" value={type} options={TYPES} />
        <TextField label="Number of instances" value={count} />
      </div>
      <LaunchKey />
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
      <LaunchGroup vpcId={vpcId()} />
      <details class="advanced">
        <summary>Advanced details</summary>
        <TextField label="Primary private IPv4 address" value={privateIp} placeholder="10.1.0.10" />
        <AreaField
          label="User data"
          value={userData}
          placeholder="#!/bin/bash"
          hint="A script that begins with #! runs once, as root, at the first boot."
        />
      </details>
    </PlanForm>
  )
}
