/** Connect to an instance: by EC2 Instance Connect, by an SSH client of one's own, or at its serial console. */
import { signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { WayTold, Ways } from '../../client/ways.ts'
import { Facts } from '../cards/facts.tsx'
import { type Instance, labelOf } from '../estate/estate.ts'
import { TabField, TextField } from '../parts/fields.tsx'
import { Commands } from '../parts/plan-form.tsx'
import { set } from '../parts/set.ts'
import { estate, openForm } from '../state.ts'
import './connect.css'
import { Refused } from './refused.tsx'
import { connect, type Way } from './sessions.ts'
import { SshTab, type TabProps } from './ssh-tab.tsx'
import { wayOf, waysTo } from './ways.ts'

const tab = signal('service')
const over = signal('service')
const user = signal('')

const TABS = [
  ['service', 'EC2 Instance Connect'],
  ['ssh', 'SSH client'],
  ['serial', 'Serial console'],
] as const

export function ConnectForm({ about = '' }: { about?: string }) {
  const ways = useSignal<Ways | undefined>(undefined)
  const problem = useSignal('')
  const instance = estate.value.instances.find(({ id }) => id === about)
  useEffect(() => set(ways, undefined), [about])
  useEffect(() => {
    let isWanted = true
    const read = async () => {
      try {
        const told = await waysTo(about)
        if (!isWanted) return
        if (!ways.value) user.value = told.user
        ways.value = told
        problem.value = ''
      } catch (error) {
        ways.value = undefined
        problem.value = (error as Error).message
      }
    }
    void read()
    return () => {
      isWanted = false
    }
  }, [about, estate.value])
  return (
    <>
      <Facts
        facts={[
          ['Instance', instance ? labelOf(instance) : ''],
          ['Instance ID', about],
          ['Private IPv4', instance?.privateIp ?? ''],
          ['Public IPv4', instance?.publicIp || 'none'],
        ]}
      />
      <div class="ways">
        <TabField label="Connect by" value={tab} options={TABS} />
      </div>
      {problem.value && <Refused words={problem.value} />}
      {instance && ways.value && <Tab name={tab.value} instance={instance} ways={ways.value} />}
    </>
  )
}

const Tab = ({ name, ...rest }: TabProps & { name: string }) => {
  const View = VIEWS[name] ?? ServiceTab
  return <View {...rest} />
}

function ServiceTab({ instance, ways }: TabProps) {
  const way: Way = over.value === 'endpoint' ? 'endpoint' : 'service'
  return (
    <>
      <TabField
        label="Connection type"
        value={over}
        options={[
          ['service', 'Public IP'],
          ['endpoint', 'Private IP, by an endpoint'],
        ]}
      />
      <Told way={wayOf(ways, way)} />
      {way === 'service' && 'refused' in ways.service && (
        <div class="row">
          <button type="button" onClick={() => openForm('addresses', instance.id)}>
            Elastic IP addresses
          </button>
        </div>
      )}
      <TextField label="Username" value={user} />
      {commandsOf(way, instance)}
      <Submit instance={instance} way={way} />
    </>
  )
}

/** What does the same in a terminal of one's own: AWS's service takes any key, for a minute. */
function commandsOf(way: Way, { id, publicIp }: Instance) {
  const login = user.value.trim()
  if (way === 'endpoint')
    return <Commands title="Command" lines={[`isthmus connect ${id} --login ${login} --endpoint auto`]} />
  const push = `--instance-id ${id} --instance-os-user ${login} --ssh-public-key file://key.pub`
  return (
    <Commands
      lines={[`aws ec2-instance-connect send-ssh-public-key ${push}`, `ssh -i key ${login}@${publicIp || 'PUBLIC_IP'}`]}
    />
  )
}

/** Where the connection comes from, which its groups and ACLs have to let in; or why there can be none. */
function Told({ way }: { way: WayTold | undefined }) {
  if (!way) return null
  if ('refused' in way) return <Refused words={way.refused} />
  const { from, to, through, note } = way
  return (
    <p class="hint">
      A connection from {through ? `${through}, ` : ''}
      <b>{from}</b> to port 22 of <b>{to}</b>. Routes, network ACLs and security groups have to let it in.
      {note && ` ${note}`}
    </p>
  )
}

const SerialTab = ({ instance }: TabProps) => (
  <>
    <p class="hint">
      What the instance has written on its console, and a login shell there. No network is in between: it works where no
      packet gets through.
    </p>
    <TextField label="Username" value={user} />
    <Commands title="Command" lines={[`isthmus console ${instance.id}`]} />
    <Submit instance={instance} way="serial" />
  </>
)

const Submit = ({ instance, way }: { instance: Instance; way: Way }) => (
  <div class="submit">
    <button
      type="button"
      class="primary"
      disabled={user.value.trim() === ''}
      onClick={() => connect({ instance: instance.id, way, user: user.value.trim() })}
    >
      Connect
    </button>
  </div>
)

const VIEWS: Readonly<Record<string, typeof ServiceTab>> = { service: ServiceTab, ssh: SshTab, serial: SerialTab }
