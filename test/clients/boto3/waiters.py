"""Every waiter of boto3 that waits for what Isthmus has: to its end, and to its failing end where it has one."""
from botocore.exceptions import WaiterError

from checks import check, client, run

ec2 = client()
FAST = {'Delay': 1, 'MaxAttempts': 30}
ONCE = {'Delay': 0, 'MaxAttempts': 1}


def wait(name, config=FAST, **arguments):
    ec2.get_waiter(name).wait(**arguments, WaiterConfig=config)


def fails(name, reason, **arguments):
    """The waiter ends in failure at once, with the reason that boto3 gives: a terminal state, an error, or no end."""
    try:
        wait(name, ONCE, **arguments)
    except WaiterError as error:
        assert reason in str(error), error
        return
    raise AssertionError(f'{name} did not fail')


TERMINAL = 'terminal failure state'
NO_END = 'Max attempts exceeded'
filters = lambda **values: [{'Name': name.replace('_', '-'), 'Values': [value]} for name, value in values.items()]

image = ec2.describe_images(Owners=['amazon'])['Images'][0]['ImageId']
vpc = ec2.create_vpc(CidrBlock='10.1.0.0/16')['Vpc']['VpcId']
subnet = ec2.create_subnet(VpcId=vpc, CidrBlock='10.1.0.0/24')['Subnet']['SubnetId']


def launch():
    launched = ec2.run_instances(ImageId=image, InstanceType='t3.micro', MinCount=1, MaxCount=1, SubnetId=subnet)
    return launched['Instances'][0]['InstanceId']


@check('image_available and image_exists')
def _():
    wait('image_available', ImageIds=[image])
    wait('image_exists', ImageIds=[image])
    fails('image_exists', NO_END, ImageIds=['ami-0123456789abcdef0'])


@check('instance_exists, instance_running, instance_status_ok, system_status_ok')
def _():
    instance = launch()
    wait('instance_exists', InstanceIds=[instance])
    wait('instance_running', InstanceIds=[instance])
    wait('instance_status_ok', InstanceIds=[instance])
    wait('system_status_ok', InstanceIds=[instance])
    fails('instance_stopped', NO_END, InstanceIds=[instance])
    for name in ('instance_exists', 'instance_running', 'instance_status_ok'):
        fails(name, NO_END, InstanceIds=['i-0123456789abcdef0'])
    fails('system_status_ok', 'InvalidInstanceID.NotFound', InstanceIds=['i-0123456789abcdef0'])


@check('instance_stopped, instance_terminated, and how instance_running fails on the way')
def _():
    instance = launch()
    wait('instance_running', InstanceIds=[instance])
    ec2.stop_instances(InstanceIds=[instance])
    wait('instance_stopped', InstanceIds=[instance])
    ec2.terminate_instances(InstanceIds=[instance])
    wait('instance_terminated', InstanceIds=[instance])
    fails('instance_running', TERMINAL, InstanceIds=[instance])
    fails('instance_stopped', TERMINAL, InstanceIds=[instance])


@check('password_data_available ends at once: Windows there is none')
def _():
    fails('password_data_available', 'UnsupportedOperation', InstanceId=launch())


@check('internet_gateway_exists')
def _():
    gateway = ec2.create_internet_gateway()['InternetGateway']['InternetGatewayId']
    wait('internet_gateway_exists', InternetGatewayIds=[gateway])
    ec2.delete_internet_gateway(InternetGatewayId=gateway)
    # The waiter knows another code than AWS gives (InvalidInternetGateway.NotFound), and so ends with the error.
    fails('internet_gateway_exists', 'InvalidInternetGatewayID.NotFound', InternetGatewayIds=[gateway])


@check('key_pair_exists')
def _():
    ec2.create_key_pair(KeyName='waited for')
    wait('key_pair_exists', KeyNames=['waited for'])
    fails('key_pair_exists', NO_END, KeyNames=['nobody’s'])


@check('nat_gateway_available and nat_gateway_deleted')
def _():
    made = ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType='private')['NatGateway']['NatGatewayId']
    wait('nat_gateway_available', NatGatewayIds=[made])
    fails('nat_gateway_deleted', NO_END, NatGatewayIds=[made])
    ec2.delete_nat_gateway(NatGatewayId=made)
    wait('nat_gateway_deleted', NatGatewayIds=[made])
    fails('nat_gateway_available', TERMINAL, NatGatewayIds=[made])
    wait('nat_gateway_deleted', NatGatewayIds=['nat-0123456789abcdef0'])
    fails('nat_gateway_available', NO_END, NatGatewayIds=['nat-0123456789abcdef0'])


@check('network_interface_available')
def _():
    made = ec2.create_network_interface(SubnetId=subnet)['NetworkInterface']['NetworkInterfaceId']
    wait('network_interface_available', NetworkInterfaceIds=[made])
    ec2.delete_network_interface(NetworkInterfaceId=made)
    fails('network_interface_available', TERMINAL, NetworkInterfaceIds=[made])


@check('security_group_exists')
def _():
    made = ec2.create_security_group(GroupName='waited for', Description='d', VpcId=vpc)['GroupId']
    wait('security_group_exists', GroupIds=[made])
    ec2.delete_security_group(GroupId=made)
    fails('security_group_exists', NO_END, GroupIds=[made])


@check('security_group_vpc_association_associated and security_group_vpc_association_disassociated')
def _():
    if 'security_group_vpc_association_associated' not in ec2.waiter_names:
        return
    other = ec2.create_vpc(CidrBlock='10.2.0.0/16')['Vpc']['VpcId']
    group = ec2.create_security_group(GroupName='in two', Description='d', VpcId=vpc)['GroupId']
    wanted = filters(group_id=group, vpc_id=other)
    ec2.associate_security_group_vpc(GroupId=group, VpcId=other)
    wait('security_group_vpc_association_associated', Filters=wanted)
    fails('security_group_vpc_association_disassociated', NO_END, Filters=wanted)
    ec2.disassociate_security_group_vpc(GroupId=group, VpcId=other)
    wait('security_group_vpc_association_disassociated', Filters=wanted)


@check('subnet_available')
def _():
    wait('subnet_available', SubnetIds=[subnet])
    fails('subnet_available', 'InvalidSubnetID.NotFound', SubnetIds=['subnet-0123456789abcdef0'])


@check('volume_in_use, volume_available and volume_deleted')
def _():
    instance = launch()
    wait('instance_running', InstanceIds=[instance])
    (volume,) = ec2.describe_volumes(Filters=[{'Name': 'attachment.instance-id', 'Values': [instance]}])['Volumes']
    wait('volume_in_use', VolumeIds=[volume['VolumeId']])
    fails('volume_available', NO_END, VolumeIds=[volume['VolumeId']])
    ec2.terminate_instances(InstanceIds=[instance])
    wait('instance_terminated', InstanceIds=[instance])
    wait('volume_deleted', VolumeIds=[volume['VolumeId']])


@check('vpc_exists and vpc_available')
def _():
    wait('vpc_exists', VpcIds=[vpc])
    wait('vpc_available', VpcIds=[vpc])
    fails('vpc_exists', NO_END, VpcIds=['vpc-0123456789abcdef0'])


@check('vpc_peering_connection_exists and vpc_peering_connection_deleted')
def _():
    peer = ec2.create_vpc(CidrBlock='10.3.0.0/16')['Vpc']['VpcId']
    asked = ec2.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=peer)['VpcPeeringConnection']
    made = [asked['VpcPeeringConnectionId']]
    wait('vpc_peering_connection_exists', VpcPeeringConnectionIds=made)
    fails('vpc_peering_connection_deleted', NO_END, VpcPeeringConnectionIds=made)
    ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=made[0])
    wait('vpc_peering_connection_deleted', VpcPeeringConnectionIds=made)
    fails('vpc_peering_connection_exists', NO_END, VpcPeeringConnectionIds=['pcx-0123456789abcdef0'])


run()
