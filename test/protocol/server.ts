/** A server on a free port of loopback, with a handful of EC2 actions over plain maps, for the tests of the wire. */
import type { AddressInfo } from 'node:net'
import { ApiError } from '../../src/ec2/errors.ts'
import type { Caller } from '../../src/ec2/resource.ts'
import { createHttpServer, type HttpOptions } from '../../src/protocol/http.ts'
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
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

export async function startServer(options: HttpOptions = {}): Promise<TestServer> {
  const ec2 = actionsOf(toyHandlers(), (caller) => caller)
  const parameters = (name: string, region: string) => (name === image ? { value: `ami-of-${region}` } : undefined)
  const server = createHttpServer({ ec2, parameters }, options)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${port}`, port, close }
}
