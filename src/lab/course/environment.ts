/** The variables with which scripts of a lab run: the AWS CLI finds the server, and names are variables. */
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'
import { awsVariables } from '../../cli/aws-environment.ts'
import type { Session } from '../../cli/session.ts'
import type { Names } from '../names/bind.ts'

const bin = fileURLToPath(new URL('../../../bin', import.meta.url))

/** For a script that is run: this process's own variables, too, and `isthmus` in its PATH. */
export function scriptEnvironment(session: Session, names: Names): NodeJS.ProcessEnv {
  const aws = awsVariables(session.status.endpoint, session.client.region, process.env)
  return {
    ...process.env,
    ...aws,
    AWS_PAGER: '',
    AWS_EC2_METADATA_DISABLED: 'true',
    ISTHMUS_STATE: session.stateDir,
    PATH: [bin, process.env.PATH ?? ''].join(delimiter),
    ...namesAsVariables(names),
  }
}

/** `vpc1`, `i2_privateIp`: a name alone is the thing's id. */
export const namesAsVariables = ({ things }: Names): Record<string, string> =>
  Object.fromEntries(
    [...things].flatMap(([name, { id, attributes }]) => [
      [name, id],
      ...Object.entries(attributes).flatMap(([key, [value]]) =>
        value === undefined ? [] : [[`${name}_${key}`, value]],
      ),
    ]),
  )
