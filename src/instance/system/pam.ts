/**
 * Rules for programs that ask PAM, with modules that every distribution has; one that is missing is passed over (`-`).
 * The host's own rules are not taken: they name services that do not run in a guest.
 */
import type { GuestFile } from '../../engines/engine.ts'
import { kept } from './file.ts'

const AUTH = 'auth required pam_unix.so\n'
const ROOT_PASSES = 'auth sufficient pam_rootok.so\n'
const ACCOUNT = 'account required pam_unix.so\n'
const PASSWORD = 'password required pam_unix.so sha512 shadow\n'
const SESSION = '-session optional pam_limits.so\nsession required pam_permit.so\n'

const usual = AUTH + ACCOUNT + PASSWORD + SESSION
const rootPasses = ROOT_PASSES + usual

/** Service → rules. Root changes to anybody and any password; others need a password, which no account has. */
const SERVICES: Readonly<Record<string, string>> = {
  ...{ other: usual, login: usual, sshd: usual, sudo: usual, 'sudo-i': usual },
  ...{ su: rootPasses, 'su-l': rootPasses, runuser: rootPasses, 'runuser-l': rootPasses },
  ...{ passwd: usual, chpasswd: rootPasses, newusers: rootPasses, useradd: rootPasses, usermod: rootPasses },
  ...{ userdel: rootPasses, groupadd: rootPasses, groupmod: rootPasses, groupdel: rootPasses },
  ...{ chage: rootPasses, chfn: rootPasses, chsh: rootPasses },
}

export const pamFiles = (): GuestFile[] => [
  ...Object.entries(SERVICES).map(([service, rules]) => kept(`/etc/pam.d/${service}`, rules)),
  kept('/etc/security/limits.conf', ''),
]
