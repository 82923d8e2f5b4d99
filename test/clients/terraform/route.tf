# Route tables in both forms, inline and one route at a time, with every kind of target.

resource "aws_vpc" "routed" {
  cidr_block                       = "10.5.0.0/16"
  assign_generated_ipv6_cidr_block = true
}

resource "aws_vpc" "route_peer" {
  cidr_block                       = "10.6.0.0/16"
  assign_generated_ipv6_cidr_block = true
}

resource "aws_subnet" "routed" {
  count      = 4
  vpc_id     = aws_vpc.routed.id
  cidr_block = "10.5.${count.index}.0/24"
}

resource "aws_internet_gateway" "routed" {
  vpc_id = aws_vpc.routed.id
}

resource "aws_egress_only_internet_gateway" "routed" {
  vpc_id = aws_vpc.routed.id
  tags   = { Name = local.word }
}

resource "aws_vpc_peering_connection" "routed" {
  vpc_id      = aws_vpc.routed.id
  peer_vpc_id = aws_vpc.route_peer.id
  auto_accept = true
}

resource "aws_network_interface" "routed" {
  subnet_id         = aws_subnet.routed[0].id
  source_dest_check = false
}

resource "aws_nat_gateway" "routed" {
  subnet_id         = aws_subnet.routed[0].id
  connectivity_type = "private"
}

resource "aws_ec2_managed_prefix_list" "routed" {
  name           = "routed"
  address_family = "IPv4"
  max_entries    = 2
  entry {
    cidr = "172.16.0.0/16"
  }
}

resource "aws_route_table" "inline" {
  vpc_id = aws_vpc.routed.id

  route {
    cidr_block = "10.5.0.0/16"
    gateway_id = "local"
  }
  route {
    ipv6_cidr_block = aws_vpc.routed.ipv6_cidr_block
    gateway_id      = "local"
  }
  route {
    cidr_block = local.changed ? "0.0.0.0/1" : "0.0.0.0/0"
    gateway_id = aws_internet_gateway.routed.id
  }
  route {
    ipv6_cidr_block        = "::/0"
    egress_only_gateway_id = aws_egress_only_internet_gateway.routed.id
  }
  route {
    cidr_block                = "10.6.0.0/16"
    vpc_peering_connection_id = aws_vpc_peering_connection.routed.id
  }
  route {
    ipv6_cidr_block           = aws_vpc.route_peer.ipv6_cidr_block
    vpc_peering_connection_id = aws_vpc_peering_connection.routed.id
  }
  route {
    cidr_block           = "10.7.0.0/16"
    network_interface_id = aws_network_interface.routed.id
  }
  route {
    cidr_block     = "10.8.0.0/16"
    nat_gateway_id = aws_nat_gateway.routed.id
  }
  route {
    destination_prefix_list_id = aws_ec2_managed_prefix_list.routed.id
    network_interface_id       = aws_network_interface.routed.id
  }
  tags = { Name = "inline ${local.word}" }
}

resource "aws_route_table" "none" {
  vpc_id = aws_vpc.routed.id
  route  = []
}

resource "aws_route_table" "apart" {
  vpc_id = aws_vpc.routed.id
}

# In place: to another kind of target.
resource "aws_route" "internet" {
  route_table_id         = aws_route_table.apart.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = local.changed ? null : aws_internet_gateway.routed.id
  nat_gateway_id         = local.changed ? aws_nat_gateway.routed.id : null
}

resource "aws_route" "internet_ipv6" {
  route_table_id              = aws_route_table.apart.id
  destination_ipv6_cidr_block = "::/0"
  gateway_id                  = aws_internet_gateway.routed.id
}

resource "aws_route" "egress_only" {
  route_table_id              = aws_route_table.apart.id
  destination_ipv6_cidr_block = "2001:db8::/32"
  egress_only_gateway_id      = aws_egress_only_internet_gateway.routed.id
}

resource "aws_route" "peering" {
  route_table_id            = aws_route_table.apart.id
  destination_cidr_block    = local.replaced ? "10.6.0.0/17" : "10.6.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.routed.id
}

resource "aws_route" "nat" {
  route_table_id         = aws_route_table.apart.id
  destination_cidr_block = "10.8.0.0/16"
  nat_gateway_id         = aws_nat_gateway.routed.id
}

resource "aws_route" "interface" {
  route_table_id         = aws_route_table.apart.id
  destination_cidr_block = "10.7.0.0/16"
  network_interface_id   = aws_network_interface.routed.id
}

resource "aws_route" "prefix_list" {
  route_table_id             = aws_route_table.apart.id
  destination_prefix_list_id = aws_ec2_managed_prefix_list.routed.id
  vpc_peering_connection_id  = aws_vpc_peering_connection.routed.id
}

resource "aws_route_table_association" "inline" {
  subnet_id      = aws_subnet.routed[0].id
  route_table_id = local.changed ? aws_route_table.apart.id : aws_route_table.inline.id
}

resource "aws_route_table_association" "moves" {
  subnet_id      = local.replaced ? aws_subnet.routed[2].id : aws_subnet.routed[1].id
  route_table_id = aws_route_table.none.id
}

resource "aws_main_route_table_association" "routed" {
  vpc_id         = aws_vpc.routed.id
  route_table_id = local.changed ? aws_route_table.none.id : aws_route_table.apart.id
}

resource "aws_default_route_table" "route_peer" {
  default_route_table_id = aws_vpc.route_peer.default_route_table_id
  route {
    cidr_block                = local.changed ? "10.5.0.0/17" : "10.5.0.0/16"
    vpc_peering_connection_id = aws_vpc_peering_connection.routed.id
  }
  tags = { Name = "main ${local.word}" }
}

data "aws_route_table" "of_subnet" {
  subnet_id  = aws_subnet.routed[0].id
  depends_on = [aws_route_table_association.inline]
}

data "aws_route_table" "main" {
  vpc_id = aws_vpc.routed.id
  filter {
    name   = "association.main"
    values = ["true"]
  }
  depends_on = [aws_main_route_table_association.routed]
}

data "aws_route_tables" "of_vpc" {
  vpc_id     = aws_vpc.routed.id
  depends_on = [aws_route_table.inline, aws_route_table.none, aws_route_table.apart]
}

data "aws_route" "peering" {
  route_table_id            = aws_route_table.apart.id
  vpc_peering_connection_id = aws_vpc_peering_connection.routed.id
  destination_cidr_block    = aws_route.peering.destination_cidr_block
}

output "route" {
  value = "read as written"
  precondition {
    condition     = data.aws_route_table.of_subnet.id == aws_route_table_association.inline.route_table_id
    error_message = "the subnet's route table is another"
  }
  precondition {
    condition     = data.aws_route_table.main.id == aws_main_route_table_association.routed.route_table_id
    error_message = "the main route table is another"
  }
  precondition {
    condition     = length(data.aws_route_tables.of_vpc.ids) == 4 && length(data.aws_route_table.of_subnet.routes) > 0
    error_message = "the VPC has other route tables"
  }
}
