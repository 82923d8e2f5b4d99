/** The settings of ssh on both sides: keys only, from the key pair, from `~/.ssh`, and from Instance Connect (I1). */
import type { GuestFile } from '../../engines/engine.ts'
import { kept, PATH } from './file.ts'
import { KEYS_COMMAND } from './instance-connect.ts'

/**
 * Without PAM: all it would add here is another way to fail. sshd itself notes logins, tells of the last one, and shows
 * the message of the day. LANG of the client is not taken: this machine may not have its language.
 */
const SSHD_CONFIG = `Include /etc/ssh/sshd_config.d/*.conf
Port 22
HostKey /etc/ssh/ssh_host_ed25519_key
HostKey /etc/ssh/ssh_host_ecdsa_key
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
AuthorizedKeysFile .ssh/authorized_keys
AuthorizedKeysCommand ${KEYS_COMMAND} %u %f
AuthorizedKeysCommandUser ec2-instance-connect
UseDNS no
PrintMotd yes
PrintLastLog yes
X11Forwarding no
SetEnv PATH=${PATH} LANG=C.UTF-8
Subsystem sftp internal-sftp
`

export const sshdFiles = (): GuestFile[] => [
  kept('/etc/ssh/sshd_config', SSHD_CONFIG, 0o600),
  kept('/etc/ssh/ssh_config', 'Host *\n  GSSAPIAuthentication no\n'),
  kept('/etc/ssh/moduli', ''),
]
