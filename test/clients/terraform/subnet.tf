# Subnets with every attribute, and the ranges reserved in them.

resource "aws_vpc" "subnets" {
  cidr_block                       = "10.4.0.0/16"
  assign_generated_ipv6_cidr_block = true
}

resource "aws_subnet" "plain" {
  vpc_id     = aws_vpc.subnets.id
  cidr_block = "10.4.0.0/24"
}

resource "aws_subnet" "full" {
  vpc_id                                         = aws_vpc.subnets.id
  cidr_block                                     = "10.4.1.0/24"
  availability_zone                              = "eu-west-1b"
  ipv6_cidr_block                                = cidrsubnet(aws_vpc.subnets.ipv6_cidr_block, 8, 1)
  enable_resource_name_dns_aaaa_record_on_launch = true
  private_dns_hostname_type_on_launch            = local.changed ? "ip-name" : "resource-name"
  tags                                           = { Name = "full ${local.word}" }
}

# One attribute a subnet: the provider waits ten seconds for each.
resource "aws_subnet" "public" {
  vpc_id                  = aws_vpc.subnets.id
  cidr_block              = "10.4.6.0/24"
  map_public_ip_on_launch = !local.changed
}

resource "aws_subnet" "dns64" {
  vpc_id          = aws_vpc.subnets.id
  cidr_block      = "10.4.7.0/24"
  ipv6_cidr_block = cidrsubnet(aws_vpc.subnets.ipv6_cidr_block, 8, 7)
  enable_dns64    = !local.changed
}

resource "aws_subnet" "named" {
  vpc_id                                      = aws_vpc.subnets.id
  cidr_block                                  = "10.4.8.0/24"
  enable_resource_name_dns_a_record_on_launch = !local.changed
}

resource "aws_subnet" "gains_ipv6" {
  vpc_id          = aws_vpc.subnets.id
  cidr_block      = "10.4.2.0/24"
  ipv6_cidr_block = local.changed ? cidrsubnet(aws_vpc.subnets.ipv6_cidr_block, 8, 2) : null
}

resource "aws_subnet" "by_zone_id" {
  vpc_id               = aws_vpc.subnets.id
  cidr_block           = local.replaced ? "10.4.5.0/24" : "10.4.4.0/24"
  availability_zone_id = data.aws_availability_zones.subnets.zone_ids[2]
}

resource "aws_ec2_subnet_cidr_reservation" "prefix" {
  subnet_id        = aws_subnet.plain.id
  cidr_block       = local.replaced ? "10.4.0.32/28" : "10.4.0.16/28"
  reservation_type = "prefix"
  description      = "for prefixes"
}

resource "aws_ec2_subnet_cidr_reservation" "explicit" {
  subnet_id        = aws_subnet.plain.id
  cidr_block       = "10.4.0.128/25"
  reservation_type = "explicit"
}

data "aws_availability_zones" "subnets" {
  state = "available"
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

data "aws_subnet" "by_block" {
  vpc_id     = aws_vpc.subnets.id
  cidr_block = aws_subnet.full.cidr_block
}

data "aws_subnet" "by_filter" {
  filter {
    name   = "ipv6-cidr-block-association.ipv6-cidr-block"
    values = [aws_subnet.full.ipv6_cidr_block]
  }
}

data "aws_subnet" "by_zone" {
  vpc_id            = aws_vpc.subnets.id
  availability_zone = "eu-west-1b"
  default_for_az    = false
  state             = "available"
  depends_on        = [aws_subnet.full]
}

data "aws_subnets" "of_vpc" {
  filter {
    name   = "vpc-id"
    values = [aws_vpc.subnets.id]
  }
  depends_on = [
    aws_subnet.plain, aws_subnet.full, aws_subnet.gains_ipv6, aws_subnet.by_zone_id, aws_subnet.public,
    aws_subnet.dns64, aws_subnet.named,
  ]
}

output "subnet" {
  value = "read as written"
  precondition {
    condition     = toset([data.aws_subnet.by_block.id, data.aws_subnet.by_filter.id, data.aws_subnet.by_zone.id]) == toset([aws_subnet.full.id])
    error_message = "a filter finds another subnet"
  }
  precondition {
    condition     = length(data.aws_subnets.of_vpc.ids) == 7 && data.aws_subnet.by_block.available_ip_address_count == 251
    error_message = "the subnets of the VPC are others"
  }
}
