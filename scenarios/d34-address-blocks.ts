/** D34: host bits are cleared, and blocks outside the rules are refused (C1, C2, C7, C10). */
import assert from 'node:assert/strict'
import { ping, scenario } from './scenario.ts'

export default scenario(
  'D34',
  'host bits are cleared, and blocks outside the rules are refused (C1, C2, C7, C10)',
  async (s) => {
    const { call } = s.bench
    assert.equal(call('CreateVpc', { CidrBlock: '100.68.0.18/18' }).Vpc?.CidrBlock, '100.68.0.0/18')
    const range = (CidrBlock: string) => () => call('CreateVpc', { CidrBlock })
    s.refused('InvalidVpc.Range', range('169.254.0.0/16'))
    s.refused('InvalidVpc.Range', range('10.0.0.0/8'), "The CIDR '10.0.0.0/8' is invalid.")
    const [a, b] = [s.vpc('10.1.0.0/16'), s.vpc('10.2.0.0/16')]
    assert.throws(() => call('AssociateVpcCidrBlock', { VpcId: a.id, CidrBlock: '192.168.0.0/16' }))
    const pcx = s.peer(a, b, { accept: false })
    assert.throws(() => call('AssociateVpcCidrBlock', { VpcId: a.id, CidrBlock: '10.7.0.0/16' }))
    call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId: pcx })
    call('AssociateVpcCidrBlock', { VpcId: a.id, CidrBlock: '10.7.0.0/16' })
    const open = ['all 0.0.0.0/0']
    const one = await s.instance(s.subnet(a, '10.7.0.0/24'), { groups: [s.group(a, open)] })
    const two = await s.instance(s.subnet(b, '10.2.0.0/24'), { groups: [s.group(b, open)] })
    s.route(a.mainTable, '10.2.0.0/16', pcx)
    s.route(b.mainTable, '10.7.0.0/16', pcx)
    await s.answered(one, two, ping)
  },
)
