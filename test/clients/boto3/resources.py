"""boto3's resources: what they create, load, find by collection, change, tag and delete."""
from checks import check, client, refused, resource, run

ec2 = resource()
NAME = [{'Key': 'Name', 'Value': 'of boto3'}]


def named(kind):
    return [{'ResourceType': kind, 'Tags': NAME}]


def image():
    found = ec2.images.filter(Owners=['amazon'], Filters=[{'Name': 'name', 'Values': ['al2023-ami-2023*-x86_64']}])
    return next(iter(found))


def new_vpc(block='10.1.0.0/16'):
    vpc = ec2.create_vpc(CidrBlock=block)
    vpc.wait_until_exists()
    vpc.wait_until_available()
    return vpc


@check('Vpc: attributes, collections, gateways, classic link, deletion')
def _():
    vpc = ec2.create_vpc(CidrBlock='10.1.0.0/16', TagSpecifications=named('vpc'))
    vpc.wait_until_available()
    assert vpc.cidr_block == '10.1.0.0/16' and vpc.tags == NAME and not vpc.is_default
    assert vpc.describe_attribute(Attribute='enableDnsSupport')['EnableDnsSupport'] == {'Value': True}
    vpc.modify_attribute(EnableDnsHostnames={'Value': True})
    assert vpc.describe_attribute(Attribute='enableDnsHostnames')['EnableDnsHostnames'] == {'Value': True}
    assert vpc.dhcp_options.id == vpc.dhcp_options_id
    subnet = vpc.create_subnet(CidrBlock='10.1.1.0/24')
    assert [s.id for s in vpc.subnets.all()] == [subnet.id]
    assert [g.group_name for g in vpc.security_groups.all()] == ['default']
    assert [a.is_default for a in vpc.network_acls.all()] == [True]
    assert len(list(vpc.route_tables.all())) == 1
    assert list(vpc.instances.all()) == [] and list(vpc.network_interfaces.all()) == []
    gateway = ec2.create_internet_gateway()
    vpc.attach_internet_gateway(InternetGatewayId=gateway.id)
    assert [g.id for g in vpc.internet_gateways.all()] == [gateway.id]
    vpc.detach_internet_gateway(InternetGatewayId=gateway.id)
    refused('UnsupportedOperation', vpc.enable_classic_link)
    refused('DependencyViolation', vpc.delete)
    subnet.delete()
    gateway.delete()
    vpc.delete()
    refused('InvalidVpcID.NotFound', vpc.load)


@check('Subnet: attributes, its VPC, instances in it, deletion')
def _():
    vpc = new_vpc()
    subnet = ec2.create_subnet(VpcId=vpc.id, CidrBlock='10.1.0.0/24', TagSpecifications=named('subnet'))
    assert subnet.vpc.id == vpc.id and subnet.available_ip_address_count == 251 and subnet.tags == NAME
    (instance,) = subnet.create_instances(ImageId=image().id, MinCount=1, MaxCount=1, InstanceType='t3.nano')
    assert [i.id for i in subnet.instances.all()] == [instance.id]
    assert [i.id for i in subnet.network_interfaces.all()] == [instance.network_interfaces_attribute[0]['NetworkInterfaceId']]
    instance.terminate()
    instance.wait_until_terminated()
    subnet.delete()
    vpc.delete()


@check('RouteTable, Route and RouteTableAssociation: routes, replacement, associations, the main table')
def _():
    vpc = new_vpc()
    subnet = vpc.create_subnet(CidrBlock='10.1.0.0/24')
    gateway = ec2.create_internet_gateway(TagSpecifications=named('internet-gateway'))
    gateway.attach_to_vpc(VpcId=vpc.id)
    table = vpc.create_route_table(TagSpecifications=named('route-table'))
    route = table.create_route(DestinationCidrBlock='0.0.0.0/0', GatewayId=gateway.id)
    table.reload()
    assert [(r.destination_cidr_block, r.gateway_id, r.state) for r in table.routes] == [
        ('10.1.0.0/16', 'local', 'active'),
        ('0.0.0.0/0', gateway.id, 'active'),
    ]
    interface = subnet.create_network_interface()
    ec2.Route(table.id, '0.0.0.0/0').replace(NetworkInterfaceId=interface.id)
    table.reload()
    assert table.routes[1].network_interface_id == interface.id and table.routes[1].state == 'blackhole'
    association = table.associate_with_subnet(SubnetId=subnet.id)
    table.reload()
    assert [(a.id, a.main) for a in table.associations] == [(association.id, False)]
    other = vpc.create_route_table()
    moved = association.replace_subnet(RouteTableId=other.id)
    other.reload()
    assert [a['RouteTableAssociationId'] for a in other.associations_attribute] == [moved.id]
    (main,) = vpc.route_tables.filter(Filters=[{'Name': 'association.main', 'Values': ['true']}])
    assert main.associations[0].main
    refused('DependencyViolation', other.delete)
    moved.delete()
    route.delete()
    for each in (table, other, interface, subnet):
        each.delete()
    gateway.detach_from_vpc(VpcId=vpc.id)
    gateway.delete()
    vpc.delete()


@check('SecurityGroup: rules in both argument forms, tags, collections')
def _():
    vpc = new_vpc()
    group = ec2.create_security_group(
        GroupName='web', Description='of boto3', VpcId=vpc.id, TagSpecifications=named('security-group')
    )
    group.authorize_ingress(IpProtocol='tcp', FromPort=80, ToPort=80, CidrIp='10.0.0.0/8')
    permission = {'IpProtocol': 'udp', 'FromPort': 53, 'ToPort': 53, 'UserIdGroupPairs': [{'GroupId': group.id}]}
    answer = group.authorize_ingress(IpPermissions=[permission])
    assert answer['SecurityGroupRules'][0]['ReferencedGroupInfo']['GroupId'] == group.id
    group.authorize_egress(
        IpPermissions=[{'IpProtocol': '-1', 'Ipv6Ranges': [{'CidrIpv6': '::/0', 'Description': 'all'}]}]
    )
    group.reload()
    assert [p['IpProtocol'] for p in group.ip_permissions] == ['tcp', 'udp'] and group.tags == NAME
    assert group.ip_permissions_egress[0]['Ipv6Ranges'] == [{'CidrIpv6': '::/0', 'Description': 'all'}]
    group.revoke_ingress(IpProtocol='tcp', FromPort=80, ToPort=80, CidrIp='10.0.0.0/8')
    group.revoke_egress(IpPermissions=group.ip_permissions_egress)
    group.reload()
    assert [p['IpProtocol'] for p in group.ip_permissions] == ['udp'] and group.ip_permissions_egress == []
    found = ec2.security_groups.filter(Filters=[{'Name': 'tag:Name', 'Values': ['of boto3']}])
    assert [g.id for g in found] == [group.id]
    group.delete()
    vpc.delete()


@check('NetworkAcl: entries, replacement of entries and of associations')
def _():
    vpc = new_vpc()
    subnet = vpc.create_subnet(CidrBlock='10.1.0.0/24')
    acl = vpc.create_network_acl(TagSpecifications=named('network-acl'))
    entry = {'RuleNumber': 100, 'Protocol': '6', 'RuleAction': 'allow', 'Egress': False, 'CidrBlock': '10.0.0.0/8'}
    acl.create_entry(**entry, PortRange={'From': 22, 'To': 22})
    acl.replace_entry(**{**entry, 'RuleAction': 'deny'}, PortRange={'From': 22, 'To': 23})
    acl.reload()
    (changed,) = [e for e in acl.entries if e['RuleNumber'] == 100]
    assert (changed['RuleAction'], changed['PortRange']) == ('deny', {'From': 22, 'To': 23})
    (default,) = vpc.network_acls.filter(Filters=[{'Name': 'default', 'Values': ['true']}])
    (association,) = [a for a in default.associations if a['SubnetId'] == subnet.id]
    acl.replace_association(AssociationId=association['NetworkAclAssociationId'])
    acl.reload()
    assert [a['SubnetId'] for a in acl.associations] == [subnet.id]
    acl.delete_entry(RuleNumber=100, Egress=False)
    refused('DependencyViolation', acl.delete)
    default.replace_association(AssociationId=acl.associations[0]['NetworkAclAssociationId'])
    for each in (acl, subnet, vpc):
        each.delete()


@check('NetworkInterface: addresses, attributes, attachment, its association')
def _():
    vpc = new_vpc()
    subnet = vpc.create_subnet(CidrBlock='10.1.0.0/24')
    group = vpc.create_security_group(GroupName='of interface', Description='d')
    interface = ec2.create_network_interface(
        SubnetId=subnet.id,
        Groups=[group.id],
        PrivateIpAddress='10.1.0.10',
        TagSpecifications=named('network-interface'),
    )
    interface.assign_private_ip_addresses(PrivateIpAddresses=['10.1.0.11'])
    interface.modify_attribute(Description={'Value': 'changed'})
    interface.modify_attribute(SourceDestCheck={'Value': False})
    interface.reload()
    assert interface.description == 'changed' and interface.source_dest_check is False
    assert [a['PrivateIpAddress'] for a in interface.private_ip_addresses] == ['10.1.0.10', '10.1.0.11']
    assert interface.subnet.id == subnet.id and interface.vpc.id == vpc.id and interface.tag_set == NAME
    assert interface.describe_attribute(Attribute='groupSet')['Groups'][0]['GroupId'] == group.id
    interface.reset_attribute(SourceDestCheck='true')
    interface.unassign_private_ip_addresses(PrivateIpAddresses=['10.1.0.11'])
    (instance,) = ec2.create_instances(
        ImageId=image().id, MinCount=1, MaxCount=1, InstanceType='t3.micro', SubnetId=subnet.id
    )
    instance.wait_until_running()
    interface.attach(InstanceId=instance.id, DeviceIndex=1)
    interface.reload()
    assert interface.attachment['InstanceId'] == instance.id and interface.status == 'in-use'
    gateway = ec2.create_internet_gateway()
    gateway.attach_to_vpc(VpcId=vpc.id)
    allocation = client().allocate_address(Domain='vpc')['AllocationId']
    address = ec2.VpcAddress(allocation)
    address.associate(NetworkInterfaceId=interface.id)
    interface.reload()
    assert interface.association_attribute['AllocationId'] == allocation
    interface.association.load()
    assert interface.association.address.allocation_id == allocation
    interface.association.delete()
    address.release()
    interface.detach(Force=True)
    client().get_waiter('network_interface_available').wait(
        NetworkInterfaceIds=[interface.id], WaiterConfig={'Delay': 1, 'MaxAttempts': 30}
    )
    interface.delete()
    instance.terminate()
    instance.wait_until_terminated()
    gateway.detach_from_vpc(VpcId=vpc.id)
    for each in (gateway, group, subnet, vpc):
        each.delete()


@check('Instance: launch, attributes, stop, start, reboot, console, volumes, termination')
def _():
    vpc = new_vpc()
    subnet = vpc.create_subnet(CidrBlock='10.1.0.0/24')
    key = ec2.create_key_pair(KeyName='of instance', KeyType='ed25519')
    assert key.key_material.startswith('-----BEGIN')
    one, two = ec2.create_instances(
        ImageId=image().id,
        MinCount=2,
        MaxCount=2,
        InstanceType='t3.micro',
        KeyName=key.key_name,
        SubnetId=subnet.id,
        UserData='#!/bin/sh\ntrue\n',
        TagSpecifications=named('instance') + named('volume'),
    )
    one.wait_until_exists()
    for instance in (one, two):
        instance.wait_until_running()
    one.reload()
    assert one.state['Name'] == 'running' and one.key_pair.name == 'of instance' and one.tags == NAME
    assert one.vpc.id == vpc.id and one.subnet.id == subnet.id and one.image.id == image().id
    assert [v.tags for v in one.volumes.all()] == [NAME]
    assert [n.attachment['DeviceIndex'] for n in one.network_interfaces] == [0]
    assert one.describe_attribute(Attribute='instanceType')['InstanceType'] == {'Value': 't3.micro'}
    one.monitor()
    one.unmonitor()
    assert one.console_output()['InstanceId'] == one.id
    refused('UnsupportedOperation', one.password_data)
    one.reboot()
    one.modify_attribute(DisableApiTermination={'Value': True})
    refused('OperationNotPermitted', one.terminate)
    one.modify_attribute(DisableApiTermination={'Value': False})
    one.stop()
    one.wait_until_stopped()
    one.modify_attribute(InstanceType={'Value': 't3.small'})
    one.start()
    one.wait_until_running()
    one.reload()
    assert one.instance_type == 't3.small'
    running = ec2.instances.filter(Filters=[{'Name': 'tag:Name', 'Values': ['of boto3']}])
    assert {i.id for i in running} == {one.id, two.id}
    running.terminate()
    for instance in (one, two):
        instance.wait_until_terminated()
    assert list(one.volumes.all()) == []
    for each in (key, subnet, vpc):
        each.delete()


@check('InternetGateway: attachments, tags')
def _():
    vpc = new_vpc()
    gateway = ec2.create_internet_gateway()
    assert gateway.attachments == []
    gateway.attach_to_vpc(VpcId=vpc.id)
    gateway.reload()
    assert gateway.attachments == [{'State': 'available', 'VpcId': vpc.id}]
    gateway.create_tags(Tags=NAME)
    gateway.reload()
    assert gateway.tags == NAME
    refused('DependencyViolation', gateway.delete)
    gateway.detach_from_vpc(VpcId=vpc.id)
    gateway.delete()
    vpc.delete()


@check('VpcPeeringConnection: asked for, accepted, rejected, deleted')
def _():
    vpc, peer = new_vpc(), new_vpc('10.2.0.0/16')
    peering = vpc.request_vpc_peering_connection(PeerVpcId=peer.id)
    peering.wait_until_exists()
    assert peering.requester_vpc.id == vpc.id and peering.accepter_vpc.id == peer.id
    peering.accept()
    peering.reload()
    assert peering.status['Code'] == 'active'
    assert [p.id for p in vpc.requested_vpc_peering_connections.all()] == [peering.id]
    assert [p.id for p in peer.accepted_vpc_peering_connections.all()] == [peering.id]
    peering.delete()
    again = ec2.create_vpc_peering_connection(VpcId=vpc.id, PeerVpcId=peer.id)
    again.reject()
    again.reload()
    assert again.status['Code'] == 'rejected'
    vpc.delete()
    peer.delete()


@check('VpcAddress: association and release')
def _():
    vpc = new_vpc()
    subnet = vpc.create_subnet(CidrBlock='10.1.0.0/24')
    gateway = ec2.create_internet_gateway()
    gateway.attach_to_vpc(VpcId=vpc.id)
    interface = subnet.create_network_interface()
    address = ec2.VpcAddress(client().allocate_address(Domain='vpc')['AllocationId'])
    assert address.domain == 'vpc' and address.association_id is None
    address.associate(NetworkInterfaceId=interface.id)
    address.reload()
    assert address.network_interface_id == interface.id and address.private_ip_address == interface.private_ip_address
    assert [a.allocation_id for a in ec2.vpc_addresses.all()] == [address.allocation_id]
    assert list(ec2.classic_addresses.all()) == []
    address.association.delete()
    address.release()
    gateway.detach_from_vpc(VpcId=vpc.id)
    for each in (gateway, interface, subnet, vpc):
        each.delete()


@check('KeyPair, Image and DhcpOptions: creation, import, attributes, collections')
def _():
    made = ec2.create_key_pair(KeyName='made', TagSpecifications=named('key-pair'))
    public = client().describe_key_pairs(KeyNames=['made'], IncludePublicKey=True)['KeyPairs'][0]['PublicKey']
    imported = ec2.import_key_pair(KeyName='imported', PublicKeyMaterial=public)
    assert {k.name for k in ec2.key_pairs.all()} >= {'made', 'imported'}
    info = ec2.KeyPair('imported')
    assert info.key_fingerprint
    made.delete()
    imported.delete()
    ami = ec2.Image(image().id)
    assert ami.state == 'available' and ami.architecture == 'x86_64' and ami.root_device_type == 'ebs'
    ami.wait_until_exists()
    options = ec2.create_dhcp_options(
        DhcpConfigurations=[{'Key': 'domain-name', 'Values': ['corp.example']}], TagSpecifications=named('dhcp-options')
    )
    vpc = new_vpc()
    options.associate_with_vpc(VpcId=vpc.id)
    vpc.reload()
    assert vpc.dhcp_options.dhcp_configurations[0]['Values'] == [{'Value': 'corp.example'}]
    refused('DependencyViolation', options.delete)
    vpc.associate_dhcp_options(DhcpOptionsId='default')
    options.delete()
    vpc.delete()


@check('tags: of one resource, of many at once, and deleted by key and by value')
def _():
    vpcs = [new_vpc(), new_vpc('10.2.0.0/16')]
    tags = ec2.create_tags(Resources=[vpc.id for vpc in vpcs], Tags=[{'Key': 'a', 'Value': '1'}, {'Key': 'b', 'Value': '2'}])
    assert len(tags) == 4
    ec2.Tag(vpcs[0].id, 'a', '1').delete()
    client().delete_tags(Resources=[vpcs[1].id], Tags=[{'Key': 'b'}])
    vpcs[0].reload()
    vpcs[1].reload()
    assert vpcs[0].tags == [{'Key': 'b', 'Value': '2'}] and vpcs[1].tags == [{'Key': 'a', 'Value': '1'}]
    for vpc in vpcs:
        vpc.delete()


@check('collections: pages, limits and counts')
def _():
    for number in range(8):
        ec2.create_dhcp_options(DhcpConfigurations=[{'Key': 'domain-name', 'Values': [f'd{number}.example']}])
    every = {o.id for o in ec2.dhcp_options_sets.all()}
    assert {o.id for o in ec2.dhcp_options_sets.page_size(5)} == every and len(every) == 9
    assert [len(page) for page in ec2.dhcp_options_sets.page_size(5).pages()] == [5, 4]
    assert len(list(ec2.dhcp_options_sets.limit(3))) == 3
    own = ec2.dhcp_options_sets.filter(Filters=[{'Name': 'value', 'Values': ['d*.example']}])
    for options in own:
        options.delete()


run()
