# Network interfaces in every form of addresses, attached and not, and Elastic IP addresses.

resource "aws_vpc" "interfaces" {
  cidr_block                       = "10.13.0.0/16"
  assign_generated_ipv6_cidr_block = true
}

resource "aws_internet_gateway" "interfaces" {
  vpc_id = aws_vpc.interfaces.id
}

resource "aws_subnet" "interfaces" {
  count           = 2
  vpc_id          = aws_vpc.interfaces.id
  cidr_block      = "10.13.${count.index}.0/24"
  ipv6_cidr_block = cidrsubnet(aws_vpc.interfaces.ipv6_cidr_block, 8, count.index)
}

resource "aws_security_group" "interfaces" {
  count  = 2
  name   = "interfaces ${count.index}"
  vpc_id = aws_vpc.interfaces.id
}

resource "aws_network_interface" "plain" {
  subnet_id = local.replaced ? aws_subnet.interfaces[1].id : aws_subnet.interfaces[0].id
}

# Of a set the provider takes the first address by hash: with these that is the one that stays.
resource "aws_network_interface" "addresses" {
  subnet_id         = aws_subnet.interfaces[0].id
  description       = "with addresses, ${local.word}"
  private_ips       = local.changed ? ["10.13.0.20", "10.13.0.22"] : ["10.13.0.20", "10.13.0.21"]
  security_groups   = local.changed ? aws_security_group.interfaces[*].id : [aws_security_group.interfaces[0].id]
  source_dest_check = !local.changed
  tags              = { Name = local.word }
}

resource "aws_network_interface" "counts" {
  subnet_id         = aws_subnet.interfaces[0].id
  private_ips_count = local.changed ? 3 : 1
}

resource "aws_network_interface" "list" {
  subnet_id               = aws_subnet.interfaces[0].id
  private_ip_list_enabled = true
  private_ip_list         = local.changed ? ["10.13.0.30", "10.13.0.32", "10.13.0.31"] : ["10.13.0.30", "10.13.0.31"]
}

resource "aws_network_interface_sg_attachment" "apart" {
  network_interface_id = aws_network_interface.plain.id
  security_group_id    = aws_security_group.interfaces[1].id
}

resource "aws_network_interface_permission" "other_account" {
  network_interface_id = aws_network_interface.list.id
  aws_account_id       = "222222222222"
  permission           = "INSTANCE-ATTACH"
}

resource "aws_eip" "free" {
  domain = "vpc"
  tags   = { Name = local.word }
}

resource "aws_eip_domain_name" "free" {
  allocation_id = aws_eip.free.id
  domain_name   = "${local.word}.example.com"
}

resource "aws_eip" "on_interface" {
  domain                    = "vpc"
  network_interface         = aws_network_interface.addresses.id
  associate_with_private_ip = local.changed ? "10.13.0.22" : "10.13.0.20"
  depends_on                = [aws_internet_gateway.interfaces]
}

resource "aws_eip" "apart" {
  domain               = "vpc"
  network_border_group = "eu-west-1"
}

resource "aws_eip_association" "apart" {
  allocation_id        = aws_eip.apart.id
  network_interface_id = local.replaced ? aws_network_interface.counts.id : aws_network_interface.list.id
  allow_reassociation  = true
  depends_on           = [aws_internet_gateway.interfaces]
}

resource "aws_nat_gateway" "public" {
  subnet_id     = aws_subnet.interfaces[1].id
  allocation_id = aws_eip.nat.id
  tags          = { Name = local.word }
  depends_on    = [aws_internet_gateway.interfaces]
}

resource "aws_nat_gateway" "private" {
  subnet_id         = aws_subnet.interfaces[0].id
  connectivity_type = "private"
  private_ip        = local.replaced ? "10.13.0.51" : "10.13.0.50"
}

resource "aws_eip" "nat" {
  domain = "vpc"
}

data "aws_network_interface" "by_address" {
  filter {
    name   = "addresses.private-ip-address"
    values = ["10.13.0.20"]
  }
  filter {
    name   = "vpc-id"
    values = [aws_vpc.interfaces.id]
  }
  depends_on = [aws_network_interface.addresses]
}

data "aws_network_interfaces" "of_group" {
  filter {
    name   = "group-id"
    values = [aws_security_group.interfaces[1].id]
  }
  depends_on = [aws_network_interface_sg_attachment.apart]
}

data "aws_eip" "by_tag" {
  tags       = { Name = local.word, Owner = "test" }
  depends_on = [aws_eip.free]
}

data "aws_eip" "by_address" {
  public_ip  = aws_eip.on_interface.public_ip
  depends_on = [aws_eip.on_interface]
}

data "aws_eips" "all" {
  filter {
    name   = "domain"
    values = ["vpc"]
  }
  depends_on = [aws_eip.free]
}

data "aws_nat_gateway" "by_subnet" {
  vpc_id     = aws_vpc.interfaces.id
  tags       = { Name = local.word }
  state      = "available"
  depends_on = [aws_nat_gateway.public]
}

data "aws_nat_gateways" "of_vpc" {
  vpc_id = aws_vpc.interfaces.id
  filter {
    name   = "state"
    values = ["available"]
  }
  depends_on = [aws_nat_gateway.public, aws_nat_gateway.private]
}

output "network_interface" {
  value = "read as written"
  precondition {
    condition     = data.aws_network_interface.by_address.id == aws_network_interface.addresses.id && contains(data.aws_network_interfaces.of_group.ids, aws_network_interface.plain.id)
    error_message = "a filter finds another interface"
  }
  precondition {
    condition     = data.aws_eip.by_tag.id == aws_eip.free.id && data.aws_eip.by_address.private_ip == aws_eip.on_interface.associate_with_private_ip
    error_message = "an Elastic IP address is found otherwise than made"
  }
  precondition {
    condition     = data.aws_nat_gateway.by_subnet.id == aws_nat_gateway.public.id && length(data.aws_nat_gateways.of_vpc.ids) == 2
    error_message = "the NAT gateways are found otherwise than made"
  }
}
