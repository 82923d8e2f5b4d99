/** Instances on the simulator, the API and the owner's socket: the clock and what is booted are the test's. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { pushKey } from '../../src/ec2/instance-connect.ts'
import { INSTANCE_CONNECT_HOSTS } from '../../src/ec2/instance-connect-range.ts'
import { activeKeys } from '../../src/ec2/pushed-key.ts'
import type { Caller } from '../../src/ec2/resource.ts'
import type { Engine, Guest, Host, Services } from '../../src/engines/engine.ts'
import { simulator } from '../../src/engines/simulator/simulator.ts'
import { prefix } from '../../src/ip/prefix.ts'
import type { Network } from '../../src/network/network.ts'
import { createHttpServer } from '../../src/protocol/http.ts'
import type { PushPublicKey } from '../../src/protocol/instance-connect.ts'
import type { Output } from '../../src/protocol/types.ts'
import { closed, listen, services as apiServices } from '../../src/server/api.ts'
import { checks } from '../../src/server/checks.ts'
import { logins } from '../../src/server/connect.ts'
import { type ControlPlane, controlPlane } from '../../src/server/control-plane.ts'
import { controlSocket } from '../../src/server/control-socket.ts'
import { journal } from '../../src/server/journal.ts'
import { sqliteStore } from '../../src/store/sqlite.ts'

export interface Place {
  readonly stateDir: string
  readonly plane: ControlPlane
  readonly engine: Engine
  call(action: string, input: object): Record<string, unknown>
  /** Brings the engine to what was asked for, boots what is to run. */
  settle(): Promise<void>
  /** Launches an instance in the default VPC and resolves to its id and addresses; it runs. */
  launch(more?: object): Promise<Launched>
  /** SendSSHPublicKey. */
  push(instanceId: string, user: string, publicKey: string): void
  /** Ends the owner's socket, as a server that ends. */
  end(): Promise<void>
  /** Moves the clock. */
  pass(ms: number): void
}

export interface Launched {
  readonly id: string
  readonly privateIp: string
  readonly publicIp: string
  readonly groupId: string
}

/** `dial` takes the place of the engine's. */
export async function place(
  t: TestContext,
  { dial, region = 'us-east-1' }: { dial?: Host['dial']; region?: string } = {},
): Promise<Place> {
  const stateDir = mkdtempSync(join(tmpdir(), 'isthmus-login-'))
  let now = Date.now()
  const caller: Caller = { account: '123456789012', region, requestId: 'test' }
  const store = sqliteStore(join(stateDir, 'test.sqlite'))
  const events = journal(Date.now)
  const plane = controlPlane({
    store,
    journal: events,
    publicPool: prefix('198.18.0.0/24'),
    guests: { console: () => undefined, health: () => 'ok' },
    isUp: () => true,
    now: () => now,
    onCommit: () => {},
  })
  const services = metadataOf(plane, () => now)
  const real = simulator({ services })
  const engine: Engine = { ...real, host: { ...real.host, ...(dial && { dial }) } }
  const http = createHttpServer(apiServices(plane), { routes: {}, log: () => {} })
  const endpoint = `http://127.0.0.1:${await listen(http, 0)}`
  const push: PushPublicKey = (wish, from) => plane.carryOut(from, (context) => pushKey(context, wish))
  const never = () => Promise.reject(new Error('nobody asks'))
  const notAsked = () => {
    throw new Error('nobody asks')
  }
  const socket = await controlSocket(join(stateDir, 'control.sock'), {
    engine,
    state: () => plane.state,
    network: () => plane.network(),
    checks: checks(plane, prefix('198.18.0.0/24')),
    snapshots: { save: notAsked, restore: notAsked },
    logins: logins({ host: engine.host, state: () => plane.state, pushKey: push, note: events.note }),
    status: () => ({ endpoint, engine: { name: engine.name, why: [] }, revision: plane.revision }),
    wait: async () => true,
    stop: never,
    importSnapshot: never,
    events,
  })
  let ending: Promise<void> | undefined
  const end = () => {
    ending ??= socket.close()
    return ending
  }
  t.after(async () => {
    await end()
    await closed(http)
    store.close()
    rmSync(stateDir, { recursive: true })
  })

  const call = (action: string, input: object) => plane.execute(action, input, caller) as Record<string, unknown>
  async function settle(): Promise<void> {
    do {
      await engine.apply(withService(plane.network()), plane.revision)
      for (const { id, state } of plane.state.all('instance'))
        if (state === 'pending') await engine.host.boot(id, guestNamed(id))
    } while (plane.settle(plane.revision))
  }
  return {
    stateDir,
    plane,
    engine,
    call,
    settle,
    push: (instanceId, user, publicKey) => push({ instanceId, user, publicKey }, caller),
    end,
    pass: (ms) => {
      now += ms
    },
    async launch(more = {}) {
      const { Images } = call('DescribeImages', { Owners: ['amazon'] }) as Output<'DescribeImages'>
      const wish = { ImageId: Images?.[0]?.ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, ...more }
      const { Instances } = call('RunInstances', wish) as Output<'RunInstances'>
      await settle()
      const id = Instances?.[0]?.InstanceId ?? ''
      const told = call('DescribeInstances', { InstanceIds: [id] }) as Output<'DescribeInstances'>
      const instance = told.Reservations?.[0]?.Instances?.[0]
      return {
        id,
        privateIp: instance?.PrivateIpAddress ?? '',
        publicIp: instance?.PublicIpAddress ?? '',
        groupId: instance?.SecurityGroups?.[0]?.GroupId ?? '',
      }
    },
  }
}

const guestNamed = (id: string): Guest => ({
  boot: 1,
  hostname: `host-of-${id.slice(0, 5)}`,
  files: [],
  memory: 1 << 30,
})

/** The internet has the service's addresses. */
function withService(network: Network): Network {
  const interfaces = new Map(network.interfaces)
  for (const [id, i] of interfaces)
    if (i.node === 'internet')
      interfaces.set(id, { ...i, addresses: [...new Set([...i.addresses, ...INSTANCE_CONNECT_HOSTS])] })
  return { ...network, interfaces }
}

/** The keys of the metadata service, and no more. */
const metadataOf = (plane: ControlPlane, now: () => number): Services => ({
  dns: () => undefined,
  metadata(_, from, { path }) {
    const user = /active-keys\/([^/]+)\/$/.exec(path)?.[1]
    const eni = [...plane.state.all('network-interface')].find((i) => i.privateIpAddresses.includes(from))
    const keys = user ? activeKeys(plane.state, eni?.attachment?.instanceId ?? '', user, now()) : []
    return { status: keys.length > 0 ? 200 : 404, headers: {}, body: keys.join('\n') }
  },
})
