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
  GetConsoleScreenshot(input, context) {
    find(context, 'instance', input.InstanceId)
    throw unsupported('An instance has no screen here: GetConsoleOutput has what it writes.')
  },
  // unverified: AWS's words; clients that ask at every launch take the code for "none".
  GetInstanceUefiData(input, context) {
    find(context, 'instance', input.InstanceId)
    throw unsupported('The instance has no UEFI variable store.')
  },
  SendDiagnosticInterrupt(input, context) {
    find(context, 'instance', input.InstanceId)
    throw unsupported('An instance has no kernel of its own here that could be interrupted.')
  },
  EnableSerialConsoleAccess() {
    throw unsupported('The serial console can not be logged in to over the API.')
  },
  DisableSerialConsoleAccess: () => ({ SerialConsoleAccessEnabled: false }),
  // The access that SendSerialConsoleSSHPublicKey asks for; it can not be enabled here.
  GetSerialConsoleAccessStatus: () => ({ SerialConsoleAccessEnabled: false }),
}
