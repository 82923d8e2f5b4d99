/** A server on a free port of loopback, with a handful of EC2 actions over plain maps, for the tests of the wire. */
import type { AddressInfo } from 'node:net'
import { ApiError } from '../../src/ec2/errors.ts'
import type { Caller } from '../../src/ec2/resource.ts'
import { createHttpServer, type HttpOptions } from '../../src/protocol/http.ts'
import type { PublicKeyPush, PushPublicKey } from '../../src/protocol/instance-connect.ts'
import { actionsOf } from '../../src/protocol/query.ts'
import type { Action, Input, Output } from '../../src/protocol/types.ts'

type Handlers = { [A in Action]?: (input: Input<A>, caller: Caller) => Output<A> }
type Vpc = NonNullable<Output<'CreateVpc'>['Vpc']>

/** Two VPC actions that keep what they are told, one that fails as AWS does, and one with a defect. */
export function toyHandlers(): Handlers {
  const vpcs: Vpc[] = []
  return {
    CreateVpc({ CidrBlock, TagSpecifications = [], InstanceTenancy }, { account }) {
      const vpc: Vpc = {
        VpcId: `vpc-${vpcs.length}`,
        CidrBlock,
        OwnerId: account,
        InstanceTenancy,
        Tags: TagSpecifications.flatMap(({ Tags = [] }) => Tags),
      }
      vpcs.push(vpc)
      return { Vpc: vpc }
    },
    DescribeVpcs({ Filters = [] }) {
      const wanted = Filters.flatMap(({ Values = [] }) => Values)
      return { Vpcs: vpcs.filter(({ CidrBlock = '' }) => !wanted.length || wanted.includes(CidrBlock)) }
    },
    DeleteVpc({ VpcId }) {
      if (VpcId === 'vpc-0') return {}
      throw new ApiError('InvalidVpcID.NotFound', `The vpc ID '${VpcId}' does not exist`)
    },
    DescribeRegions(_, { region }) {
      return { Regions: [{ RegionName: region }] }
    },
    DescribeSubnets() {
      throw new Error('a defect')
    },
  }
}

export const image = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64'

export interface TestServer {
  /** What EC2 Instance Connect was asked to let in. */
  readonly pushed: readonly (PublicKeyPush & { readonly by: string })[]
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

export async function startServer(options: HttpOptions = {}): Promise<TestServer> {
  const ec2 = actionsOf(toyHandlers(), (caller) => caller)
  const parameters = (name: string, region: string) => (name === image ? { value: `ami-of-${region}` } : undefined)
  const pushed: TestServer['pushed'][number][] = []
  const instanceConnect: PushPublicKey = (push, { account }) => {
    if (push.instanceId === 'i-00000000')
      throw new ApiError('EC2InstanceNotFoundException', 'The specified instance was not found.')
    pushed.push({ ...push, by: account })
  }
  const server = createHttpServer({ ec2, parameters, instanceConnect }, options)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { pushed, url: `http://127.0.0.1:${port}`, port, close }
}
