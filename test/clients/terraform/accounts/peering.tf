# Peerings within an account, between two accounts, and between two Regions of two accounts.

resource "aws_vpc" "own" {
  count                = 3
  cidr_block           = "10.${count.index}.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_vpc" "other_account" {
  provider             = aws.other_account
  cidr_block           = "10.10.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_vpc" "other_region" {
  provider   = aws.other_region
  cidr_block = "10.20.0.0/16"
}

resource "aws_vpc_peering_connection" "own" {
  vpc_id      = aws_vpc.own[0].id
  peer_vpc_id = local.replaced ? aws_vpc.own[2].id : aws_vpc.own[1].id
  auto_accept = true

  requester {
    allow_remote_vpc_dns_resolution = !local.changed
  }
  accepter {
    allow_remote_vpc_dns_resolution = true
  }
  tags = { Name = "own ${local.word}" }
}

resource "aws_vpc_peering_connection" "other_account" {
  vpc_id        = aws_vpc.own[0].id
  peer_vpc_id   = aws_vpc.other_account.id
  peer_owner_id = "222222222222"
  tags          = { Side = "requester" }
}

resource "aws_vpc_peering_connection_accepter" "other_account" {
  provider                  = aws.other_account
  vpc_peering_connection_id = aws_vpc_peering_connection.other_account.id
  auto_accept               = true
  tags                      = { Side = "accepter ${local.word}" }
}

resource "aws_vpc_peering_connection_options" "requester" {
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.other_account.id
  requester {
    allow_remote_vpc_dns_resolution = !local.changed
  }
}

resource "aws_vpc_peering_connection_options" "accepter" {
  provider                  = aws.other_account
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.other_account.id
  accepter {
    allow_remote_vpc_dns_resolution = true
  }
}

resource "aws_vpc_peering_connection" "other_region" {
  vpc_id        = aws_vpc.own[0].id
  peer_vpc_id   = aws_vpc.other_region.id
  peer_owner_id = "222222222222"
  peer_region   = "us-east-1"
  auto_accept   = false
}

resource "aws_vpc_peering_connection_accepter" "other_region" {
  provider                  = aws.other_region
  vpc_peering_connection_id = aws_vpc_peering_connection.other_region.id
  auto_accept               = true
}

resource "aws_route" "there" {
  route_table_id            = aws_vpc.own[0].default_route_table_id
  destination_cidr_block    = "10.10.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.other_account.id
}

resource "aws_route" "back" {
  provider                  = aws.other_account
  route_table_id            = aws_vpc.other_account.default_route_table_id
  destination_cidr_block    = "10.0.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.other_account.id
}

# A group of the other account, over the peering: written with the account's number and a slash.
resource "aws_security_group" "other_account" {
  provider = aws.other_account
  name     = "referred to"
  vpc_id   = aws_vpc.other_account.id
}

resource "aws_security_group" "own" {
  name   = "refers"
  vpc_id = aws_vpc.own[0].id
  ingress {
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
    security_groups = ["222222222222/${aws_security_group.other_account.id}"]
  }
  depends_on = [aws_vpc_peering_connection_accepter.other_account]
}

resource "aws_vpc_security_group_ingress_rule" "own" {
  security_group_id            = aws_security_group.own_apart.id
  referenced_security_group_id = "222222222222/${aws_security_group.other_account.id}"
  ip_protocol                  = "tcp"
  from_port                    = 22
  to_port                      = 22
  depends_on                   = [aws_vpc_peering_connection_accepter.other_account]
}

resource "aws_security_group" "own_apart" {
  name   = "refers, apart"
  vpc_id = aws_vpc.own[0].id
}

data "aws_vpc_peering_connection" "own" {
  vpc_id      = aws_vpc.own[0].id
  peer_vpc_id = aws_vpc_peering_connection.own.peer_vpc_id
  status      = "active"
  depends_on  = [aws_vpc_peering_connection.own]
}

data "aws_vpc_peering_connection" "seen_there" {
  provider   = aws.other_account
  id         = aws_vpc_peering_connection.other_account.id
  depends_on = [aws_vpc_peering_connection_accepter.other_account]
}

data "aws_vpc_peering_connections" "own" {
  filter {
    name   = "requester-vpc-info.vpc-id"
    values = [aws_vpc.own[0].id]
  }
  filter {
    name   = "status-code"
    values = ["active"]
  }
  depends_on = [
    aws_vpc_peering_connection.own, aws_vpc_peering_connection_accepter.other_account,
    aws_vpc_peering_connection_accepter.other_region,
  ]
}

output "peering" {
  value = "read as written"
  precondition {
    condition     = data.aws_vpc_peering_connection.own.id == aws_vpc_peering_connection.own.id && length(data.aws_vpc_peering_connections.own.ids) == 3
    error_message = "a filter finds other peerings"
  }
  precondition {
    condition     = data.aws_vpc_peering_connection.seen_there.peer_cidr_block == "10.10.0.0/16" && data.aws_vpc_peering_connection.seen_there.owner_id == "111111111111"
    error_message = "the accepter sees another peering"
  }
}
