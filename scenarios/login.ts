/** Logs in to an instance as EC2 Instance Connect does, or by a key that was pushed before. */
import { pushKey } from '../src/ec2/instance-connect.ts'
import { DialError } from '../src/engines/engine.ts'
import { guestOf } from '../src/instance/guest.ts'
import { freshKeys, sshSession } from '../src/server/ssh-session.ts'
import { serviceWay } from '../src/server/way-in.ts'
import { type Bench, CALLER } from './bench.ts'
import type { Instance } from './builder.ts'

/** A key pair of the client's, in OpenSSH's form. */
export interface Keys {
  readonly public: string
  readonly private: string
}

const USER = 'ec2-user'
const SSH = 22
/** Milliseconds: long for an answer on one machine, short for a test that waits in vain. */
const PATIENCE = 1500

export interface Logins {
  /** SendSSHPublicKey, for ec2-user; answers the keys that may be used now. */
  push(instanceId: string): Keys
  /**
   * What a command prints after a login with `keys`, fresh ones pushed just now unless given. Rejects with what the
   * browser client says where it can not connect, and with SshError where the key is not taken.
   */
  login(instance: Instance, command: string, keys?: Keys): Promise<string>
}

export const logins = (bench: Bench): Logins => ({
  push: (instanceId) => push(bench, instanceId),
  login: (instance, command, keys) => login(bench, instance.id, command, keys),
})

function push({ plane }: Bench, instanceId: string): Keys {
  const keys = freshKeys()
  plane.carryOut(CALLER, (context) => pushKey(context, { instanceId, user: USER, publicKey: keys.public }))
  return keys
}

async function login(bench: Bench, id: string, command: string, given?: Keys): Promise<string> {
  await bench.catchUp()
  const { state } = bench.plane
  const { host } = bench.engine
  const record = state.get('instance', id)
  if (!record) throw new Error(`there is no ${id}`)
  if (!host.guests().has(id)) await host.boot(id, guestOf(state, record))
  const way = serviceWay(state, record)
  const keys = given ?? push(bench, id)
  const connection = await host.dial(way.node, way.from, way.to, SSH, PATIENCE).catch((error: unknown) => {
    throw error instanceof DialError ? new Error(way.failures[error.why]) : error
  })
  const session = await sshSession(connection, { user: USER, privateKey: keys.private }, { command: [command] })
  let output = ''
  session.onOutput((_, data) => {
    output += Buffer.from(data).toString()
  })
  await session.exit
  return output.trim()
}
