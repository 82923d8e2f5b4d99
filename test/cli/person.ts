/** The commands as a person runs them, each test file in a folder of its own. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after } from 'node:test'
import { type Ec2, ec2 } from '../../src/client/ec2-client.ts'
import { identityOf } from '../../src/client/sign.ts'

export const launcher = resolve('bin/isthmus')

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Nothing of the person's own AWS settings. */
const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))
export const environment = (state: string): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(inherited),
  ISTHMUS_STATE: state,
})

/** A program, with nobody at the keyboard. */
export function run(
  file: string,
  args: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly cwd?: string },
): Promise<Ended> {
  return new Promise((done) => {
    const child = execFile(file, args, options, (error, stdout, stderr) =>
      done({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
    child.stdin?.end()
  })
}

type Isthmus = (...args: string[]) => Promise<Ended>

/** `isthmus` on a state folder. */
export const isthmusOn =
  (state: string): Isthmus =>
  (...args) =>
    run(launcher, args, { env: environment(state) })

/** A folder with a state in it; after the file's tests its server is ended and the folder gone. */
export function ownState(name: string) {
  const folder = mkdtempSync(join(tmpdir(), `isthmus-${name}-`))
  const state = join(folder, 'state')
  const isthmus = isthmusOn(state)
  after(async () => {
    await isthmus('down', '--purge')
    rmSync(folder, { recursive: true, force: true })
  })
  return { folder, state, isthmus, env: environment(state) }
}

interface Shop {
  readonly client: Ec2
  /** The only group that the instances are in; nothing comes in by it yet. */
  readonly group: string
}

/** A server on the simulator, with a VPC and instances of these names in one group; `isPublic`: with a public address. */
export async function shop(
  isthmus: Isthmus,
  groupName: string,
  names: readonly { readonly name: string; readonly isPublic: boolean }[],
): Promise<Shop> {
  assert.equal((await isthmus('up', '-d', '--sim', '--port', '0')).code, 0)
  const made = JSON.parse((await isthmus('create', 'vpc', 'shop', '10.1.0.0/16', '-o', 'json')).stdout)
  const { endpoint } = JSON.parse((await isthmus('status', '-o', 'json')).stdout)
  const client = ec2(endpoint, { region: 'us-east-1', identity: identityOf('123456789012') })
  const { Images: [image] = [] } = await client.call('DescribeImages', { Owners: ['amazon'] })
  const about = { GroupName: groupName, Description: 'x', VpcId: made.vpc }
  const { GroupId: group = '' } = await client.call('CreateSecurityGroup', about)
  const place = { DeviceIndex: 0, SubnetId: made['subnet-public1-us-east-1a'], Groups: [group] }
  for (const { name, isPublic } of names)
    await client.call('RunInstances', {
      ...{ ImageId: image?.ImageId, InstanceType: 't2.micro', MinCount: 1, MaxCount: 1 },
      NetworkInterfaces: [{ ...place, AssociatePublicIpAddress: isPublic }],
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: name }] }],
    })
  assert.equal((await isthmus('status', '--wait')).code, 0)
  return { client, group }
}
