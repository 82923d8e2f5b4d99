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
import { connect, type Way } from './sessions.ts'
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
    const read = async () => {
      try {
        const told = await waysTo(about)
        if (!ways.value) user.value = told.user
        ways.value = told
        problem.value = ''
      } catch (error) {
        ways.value = undefined
        problem.value = (error as Error).message
      }
    }
    void read()
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
      {problem.value && (
        <p class="refusal" role="alert">
          {problem.value}
        </p>
      )}
      {instance && ways.value && <Tab name={tab.value} instance={instance} ways={ways.value} />}
    </>
  )
}

const Tab = ({ name, ...rest }: TabProps & { name: string }) => {
  const View = VIEWS[name] ?? ServiceTab
  return <View {...rest} />
}

interface TabProps {
  readonly instance: Instance
  readonly ways: Ways
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
      <Submit instance={instance} way={way} />
    </>
  )
}

/** Where the connection comes from, which its groups and ACLs have to let in; or why there can be none. */
function Told({ way }: { way: WayTold | undefined }) {
  if (!way) return null
  if ('refused' in way) {
    const [headline, ...more] = way.refused.split('\n')
    return (
      <div class="refusal" role="alert">
        {more.length > 0 ? <strong>{headline}</strong> : headline}
        {more.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
    )
  }
  const { from, to, through, note } = way
  return (
    <p class="hint">
      A connection from {through ? `${through}, ` : ''}
      <b>{from}</b> to port 22 of <b>{to}</b>. Routes, network ACLs and security groups have to let it in.
      {note && ` ${note}`}
    </p>
  )
}

function SshTab({ instance: { id, publicIp }, ways: { user: login, keyName } }: TabProps) {
  const key = keyName ? `-i ${/^[\w.-]+$/.test(keyName) ? keyName : `'${keyName.replaceAll("'", "'\\''")}'`}.pem ` : ''
  return (
    <>
      <p class="hint">
        {keyName
          ? `It was launched with the key pair ${keyName}: you need its private key.`
          : 'It was launched without a key pair. The first command pushes a key for each login; the others need one.'}
      </p>
      <h3>As EC2 Instance Connect does</h3>
      <Commands title="Command" lines={[`isthmus connect ${id} --login ${login}`]} open />
      <h3>By a tunnel, from the internet</h3>
      <Commands title="Command" lines={[`ssh ${key}-o ProxyCommand='isthmus tunnel %h' ${login}@${id}`]} open />
      <h3>By its public address</h3>
      {publicIp ? (
        <Commands title="Command" lines={[`ssh ${key}${login}@${publicIp}`]} open />
      ) : (
        <p class="hint">It has no public IPv4 address.</p>
      )}
      <p class="hint">
        The last one works where the server runs as root on Linux: this machine then reaches public addresses, and is
        let in where its address is, which <code>isthmus status</code> prints.
      </p>
    </>
  )
}

const SerialTab = ({ instance }: TabProps) => (
  <>
    <p class="hint">
      What the instance has written on its console, and a login shell there. No network is in between: it works where no
      packet gets through.
    </p>
    <TextField label="Username" value={user} />
    <Submit instance={instance} way="serial" />
  </>
)

const Submit = ({ instance, way }: { instance: Instance; way: Way }) => (
  <div class="submit">
    <button
      type="button"
      class="primary"
      onClick={() => connect({ instance: instance.id, way, user: user.value.trim() })}
    >
      Connect
    </button>
  </div>
)

const VIEWS: Readonly<Record<string, typeof ServiceTab>> = { service: ServiceTab, ssh: SshTab, serial: SerialTab }
