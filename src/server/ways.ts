/** The ways to an instance, as the console shows them before anybody has connected. */
import type { WayTold, Ways } from '../client/ways.ts'
import type { Instance } from '../ec2/instance.ts'
import { instanceConnectRange } from '../ec2/instance-connect-range.ts'
import type { State } from '../ec2/state.ts'
import { machineOf } from '../instance/system/machine.ts'
import { running } from './connect.ts'
import { endpointWay, serviceWay, type Way } from './way-in.ts'

const SSH_PORT = 22

/** `POST /_isthmus/ways`: {instance} → `Ways`; 422 where there is no such instance, or it does not run. */
export function answerWays(state: State, { instance: id }: Record<string, unknown>): { status: number; body: unknown } {
  try {
    return { status: 200, body: waysTo(state, running(state, String(id))) }
  } catch (error) {
    return { status: 422, body: { error: (error as Error).message } }
  }
}

const waysTo = (state: State, instance: Instance): Ways => ({
  user: machineOf(state, instance).login.name,
  ...(instance.keyName !== undefined && { keyName: instance.keyName }),
  service: told(() => ({ ...serviceWay(state, instance), from: instanceConnectRange(instance.region).range })),
  endpoint: told(() => endpointWay(state, instance, 'auto', SSH_PORT)),
})

function told(way: () => Omit<Way, 'from'> & { readonly from: string }): WayTold {
  try {
    const { from, to, endpoint, note } = way()
    return { from, to, ...(endpoint !== undefined && { through: endpoint }), ...(note !== undefined && { note }) }
  } catch (error) {
    return { refused: (error as Error).message }
  }
}
