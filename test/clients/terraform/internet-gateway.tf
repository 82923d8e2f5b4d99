# Internet gateways, attached as they are made and apart, and egress-only ones.

resource "aws_vpc" "gateways" {
  count      = 2
  cidr_block = "10.9.0.0/24"
}

resource "aws_internet_gateway" "attached" {
  vpc_id = aws_vpc.gateways[0].id
  tags   = { Name = "attached ${local.word}" }
}

resource "aws_internet_gateway" "apart" {}

# Made anew each time the VPC is another.
resource "aws_internet_gateway_attachment" "apart" {
  internet_gateway_id = aws_internet_gateway.apart.id
  vpc_id              = local.replaced ? aws_vpc.gateway_moves.id : aws_vpc.gateways[1].id
}

resource "aws_vpc" "gateway_moves" {
  cidr_block = "10.9.1.0/24"
}

# In place: detached from one VPC and attached to another.
resource "aws_internet_gateway" "moves" {
  vpc_id = local.changed ? aws_vpc.gateway_to.id : aws_vpc.gateway_from.id
}

resource "aws_vpc" "gateway_from" {
  cidr_block = "10.9.2.0/24"
}

resource "aws_vpc" "gateway_to" {
  cidr_block                       = "10.9.3.0/24"
  assign_generated_ipv6_cidr_block = true
}

resource "aws_egress_only_internet_gateway" "gateways" {
  vpc_id = local.replaced ? aws_vpc.full.id : aws_vpc.gateway_to.id
  tags   = { Name = local.word }
}

data "aws_internet_gateway" "by_vpc" {
  filter {
    name   = "attachment.vpc-id"
    values = [aws_vpc.gateways[0].id]
  }
  depends_on = [aws_internet_gateway.attached]
}

data "aws_internet_gateway" "by_id" {
  internet_gateway_id = aws_internet_gateway.attached.id
}

output "internet_gateway" {
  value = "read as written"
  precondition {
    condition     = data.aws_internet_gateway.by_vpc.id == aws_internet_gateway.attached.id && data.aws_internet_gateway.by_id.attachments[0].state == "available"
    error_message = "the gateway is found otherwise than attached"
  }
}
