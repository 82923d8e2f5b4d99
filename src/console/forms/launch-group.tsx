/** The firewall of a launch: a group that there is, or a new one with AWS's three ticks. */
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { type PlannedCall, planned, reference } from '../../wizard/planned-call.ts'
import { machine, readMachine } from '../api/machine.ts'
import { CheckField, ChoiceField, TabField, TextField } from '../parts/fields.tsx'
import { estate } from '../state.ts'
import { groupChoices } from './choices.ts'

const kind = signal('existing')
const group = signal('')
const name = signal('')
const description = signal('')
const from = signal('0.0.0.0/0')
const ssh = signal(true)
const https = signal(false)
const http = signal(false)

/** A name that no group of the VPC has. */
function freshName(vpcId: string | undefined): string {
  const taken = new Set(estate.value.groups.filter((one) => one.vpcId === vpcId).map(({ groupName }) => groupName))
  for (let i = 1; ; i++) if (!taken.has(`launch-wizard-${i}`)) return `launch-wizard-${i}`
}

export function LaunchGroup({ vpcId }: { vpcId: string | undefined }) {
  useEffect(() => void readMachine(), [])
  const { hostAddress } = machine.value
  return (
    <>
      <TabField
        label="Firewall (security groups)"
        value={kind}
        options={[
          ['new', 'Create security group'],
          ['existing', 'Select existing'],
        ]}
      />
      {kind.value === 'existing' ? (
        <ChoiceField
          label="Security group"
          value={group}
          options={[['', "The VPC's default group"], ...groupChoices(estate.value, vpcId)]}
        />
      ) : (
        <>
          <div class="pair">
            <TextField label="Security group name" value={name} placeholder={freshName(vpcId)} />
            <TextField label="Description" value={description} placeholder="launch wizard" />
          </div>
          <CheckField label="Allow SSH traffic" value={ssh} />
          {ssh.value && (
            <ChoiceField
              label="SSH traffic from"
              value={from}
              options={[
                ['0.0.0.0/0', 'Anywhere 0.0.0.0/0'],
                ...(hostAddress ? [[`${hostAddress}/32`, `My IP ${hostAddress}/32`] as const] : []),
                ['18.206.107.24/29', 'EC2 Instance Connect 18.206.107.24/29 (us-east-1)'],
              ]}
            />
          )}
          <CheckField label="Allow HTTPS traffic from the internet" value={https} />
          <CheckField label="Allow HTTP traffic from the internet" value={http} />
        </>
      )}
    </>
  )
}

const NEW = 'group'

/** The groups that an instance gets, and the calls that make them before. */
export function launchGroups(vpcId: string): { before: readonly PlannedCall[]; groups: readonly string[] } {
  if (kind.value === 'existing') {
    const isThere = groupChoices(estate.value, vpcId).some(([id]) => id === group.value)
    return { before: [], groups: isThere ? [group.value] : [] }
  }
  const input = {
    VpcId: vpcId,
    GroupName: name.value.trim() || freshName(vpcId),
    Description: description.value.trim() || 'launch wizard',
  }
  const doors = [
    ...(ssh.value ? [{ port: 22, from: from.value }] : []),
    ...(https.value ? [{ port: 443, from: '0.0.0.0/0' }] : []),
    ...(http.value ? [{ port: 80, from: '0.0.0.0/0' }] : []),
  ]
  const IpPermissions = doors.map((door) => ({
    IpProtocol: 'tcp',
    FromPort: door.port,
    ToPort: door.port,
    IpRanges: [{ CidrIp: door.from }],
  }))
  const rules = { GroupId: reference(NEW), IpPermissions }
  return {
    before: [
      planned('Create security group', 'CreateSecurityGroup', input, { name: NEW, id: ['GroupId'] }),
      ...(doors.length > 0 ? [planned('Add rules', 'AuthorizeSecurityGroupIngress', rules)] : []),
    ],
    groups: [reference(NEW)],
  }
}
