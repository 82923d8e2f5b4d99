/** An instance as a guest of the machine that hosts it: its names, its memory, and all files of its own. */
import type { Instance } from '../ec2/instance.ts'
import type { State } from '../ec2/state.ts'
import type { Guest } from '../engines/engine.ts'
import { accountFiles } from './system/accounts.ts'
import { bootFiles } from './system/boot.ts'
import { instanceConnectFiles } from './system/instance-connect.ts'
import { loginFiles } from './system/login.ts'
import { machineOf } from './system/machine.ts'
import { nameFiles } from './system/names.ts'
import { pamFiles } from './system/pam.ts'
import { powerFiles } from './system/power.ts'
import { sshdFiles } from './system/sshd.ts'
import { userDataFiles } from './user-data/user-data.ts'

/** Pure: the same records give the same guest. Throws where the instance has no network any more. */
export function guestOf(state: State, instance: Instance): Guest {
  const machine = machineOf(state, instance)
  return {
    boot: instance.boots,
    hostname: machine.hostname,
    memory: machine.memory,
    files: [
      ...accountFiles(machine),
      ...nameFiles(machine),
      ...loginFiles(machine),
      ...pamFiles(),
      ...sshdFiles(),
      ...instanceConnectFiles(),
      ...powerFiles(),
      ...bootFiles(machine),
      ...userDataFiles(instance.userData, machine),
    ],
  }
}
