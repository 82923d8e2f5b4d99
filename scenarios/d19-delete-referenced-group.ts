/** D19: a group that only the peer references can be deleted, one referenced at home can not (X11, S8). */
import { scenario } from './scenario.ts'

export default scenario(
  'D19',
  'a group that only the peer references can be deleted, one referenced at home can not (X11, S8)',
  async (s) => {
    const [a, b] = [s.vpc('10.1.0.0/16'), s.vpc('10.2.0.0/16')]
    s.peer(a, b)
    const [abroad, home] = [s.group(a, []), s.group(a, [])]
    s.allow(s.group(b, []), `icmp ${abroad}`)
    s.allow(s.group(a, []), `icmp ${home}`)
    s.bench.call('DeleteSecurityGroup', { GroupId: abroad })
    const refused = () => s.bench.call('DeleteSecurityGroup', { GroupId: home })
    s.refused('DependencyViolation', refused, `resource ${home} has a dependent object`)
  },
)
