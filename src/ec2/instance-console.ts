/** What can be learned of a running instance from outside of it: its serial console. */
import { unsupported } from './errors.ts'
import { find } from './lookup.ts'
import type { Handlers } from './resource.ts'

export const instanceConsoleActions: Handlers = {
  /** The newest output, whether or not `Latest` asks for it. */
  GetConsoleOutput(input, context) {
    const i = find(context, 'instance', input.InstanceId)
    const written = context.guests.console(i.id)
    return {
      InstanceId: i.id,
      Timestamp: new Date(written?.at ?? context.now),
      ...(written && { Output: Buffer.from(written.output).toString('base64') }),
    }
  },
  GetPasswordData(input, context) {
    find(context, 'instance', input.InstanceId)
    throw unsupported('Passwords are those of Windows instances, which are not supported: connect with a key.')
  },
  // The access that SendSerialConsoleSSHPublicKey asks for; it can not be enabled here.
  GetSerialConsoleAccessStatus: () => ({ SerialConsoleAccessEnabled: false }),
}
