/** Which AWS service a request is for: by the scope of its signature, else by what it asks for. */
import { unsupported } from '../ec2/errors.ts'
import { queryErrorXml } from './error-xml.ts'
import { instanceConnectService, type PushPublicKey } from './instance-connect.ts'
import { jsonService, targetOf } from './json-service.ts'
import { type Ec2Actions, ec2Service } from './query.ts'
import { queryParameters, queryRefusals, type Service, type WireRequest } from './service.ts'
import type { Signature } from './signature.ts'
import { type ParameterCatalogue, ssmService } from './ssm.ts'
import { stsService } from './sts.ts'

/** What stands behind the services. */
export interface Services {
  readonly ec2: Ec2Actions
  /** SSM's public parameters. */
  readonly parameters: ParameterCatalogue
  /** What EC2 Instance Connect does with a public key. */
  readonly instanceConnect: PushPublicKey
}

/** Finds a request's service; one that is not here is answered, honestly, in its own protocol. */
export function directoryOf(services: Services): (request: WireRequest, signed?: Signature) => Service {
  const ec2Answers = ec2Service(services.ec2)
  const ssm = ssmService(services.parameters)
  const instanceConnect = instanceConnectService(services.instanceConnect)
  const byScope = new Map([
    ['ec2', ec2Answers],
    ['sts', stsService],
    ['ssm', ssm],
    ['ec2-instance-connect', instanceConnect],
  ])
  const byTarget = new Map([
    ['AmazonSSM', ssm],
    ['AWSEC2InstanceConnectService', instanceConnect],
  ])
  const byVersion = new Map([['2011-06-15', stsService]])
  return (request, signed) => {
    const { prefix } = targetOf(request)
    if (signed) return byScope.get(signed.service) ?? absentService(signed.service, prefix !== '')
    if (prefix) return byTarget.get(prefix) ?? absentService(prefix, true)
    return byVersion.get(queryParameters(request).get('Version') ?? '') ?? ec2Answers
  }
}

function absentService(name: string, json: boolean): Service {
  const refused = unsupported(`The service ${name} is not part of Isthmus.`)
  if (json) return jsonService({}, () => refused)
  return {
    contentType: 'text/xml',
    refusals: queryRefusals,
    answer() {
      throw refused
    },
    failure: queryErrorXml,
  }
}
