/** How one logs in by an SSH client of one's own. */
import type { Ways } from '../../client/ways.ts'
import type { Instance } from '../estate/estate.ts'
import { Commands } from '../parts/plan-form.tsx'

export interface TabProps {
  readonly instance: Instance
  readonly ways: Ways
}

export function SshTab({ instance: { id, publicIp }, ways: { user, keyName } }: TabProps) {
  const key = keyName === undefined ? '' : `-i ${fileOf(keyName)} `
  return (
    <>
      <p class="hint">
        {keyName === undefined
          ? 'It was launched without a key pair. The first command pushes a key for each login; the others need one.'
          : `It was launched with the key pair ${keyName}: the second and third command need its private key.`}
      </p>
      <h3>As EC2 Instance Connect does</h3>
      <Commands title="Command" lines={[`isthmus connect ${id} --login ${user}`]} open />
      <h3>By a tunnel, from the internet</h3>
      <Commands title="Command" lines={[`ssh ${key}-o ProxyCommand='isthmus tunnel %h' ${user}@${id}`]} open />
      <h3>By its public address</h3>
      {publicIp ? (
        <Commands title="Command" lines={[`ssh ${key}${user}@${publicIp}`]} open />
      ) : (
        <p class="hint">It has no public IPv4 address.</p>
      )}
      <p class="hint">
        The last one works where the server runs as root on Linux: this machine then reaches public addresses, and comes
        from the address that <code>isthmus status</code> prints.
      </p>
    </>
  )
}

/** The file of a private key, as a word of a shell. */
const fileOf = (name: string): string =>
  /^[\w.-]+$/.test(name) ? `${name}.pem` : `'${`${name}.pem`.replaceAll("'", "'\\''")}'`
