# Two peered VPCs with an instance in each, which let one another's pings in.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "step" {
  type    = number
  default = 1
}

provider "aws" {
  region      = "eu-west-1"
  access_key  = "111111111111"
  secret_key  = "any"
  max_retries = 3
}

locals {
  blocks = ["10.1.0.0/16", "10.2.0.0/16"]
}

data "aws_ami" "amazon" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-ami-2023*-x86_64"]
  }
}

resource "aws_vpc" "side" {
  count      = 2
  cidr_block = local.blocks[count.index]
}

resource "aws_subnet" "side" {
  count      = 2
  vpc_id     = aws_vpc.side[count.index].id
  cidr_block = cidrsubnet(local.blocks[count.index], 8, 0)
}

resource "aws_vpc_peering_connection" "both" {
  vpc_id      = aws_vpc.side[0].id
  peer_vpc_id = aws_vpc.side[1].id
  auto_accept = true
}

# With step 2 the way back is closed.
resource "aws_route" "side" {
  count                     = var.step == 2 ? 1 : 2
  route_table_id            = aws_vpc.side[count.index].default_route_table_id
  destination_cidr_block    = local.blocks[1 - count.index]
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}

resource "aws_security_group" "side" {
  count  = 2
  vpc_id = aws_vpc.side[count.index].id

  ingress {
    protocol    = "icmp"
    from_port   = 8
    to_port     = -1
    cidr_blocks = [local.blocks[1 - count.index]]
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "side" {
  count                  = 2
  ami                    = data.aws_ami.amazon.id
  instance_type          = "t3.nano"
  subnet_id              = aws_subnet.side[count.index].id
  vpc_security_group_ids = [aws_security_group.side[count.index].id]
}

output "instances" {
  value = aws_instance.side[*].id
}

output "addresses" {
  value = aws_instance.side[*].private_ip
}
