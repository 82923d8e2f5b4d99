# Network ACLs: entries inline and apart, associations inline and apart, and the VPC's own one.

resource "aws_vpc" "acls" {
  cidr_block                       = "10.12.0.0/16"
  assign_generated_ipv6_cidr_block = true
}

resource "aws_subnet" "acls" {
  count      = 4
  vpc_id     = aws_vpc.acls.id
  cidr_block = "10.12.${count.index}.0/24"
}

resource "aws_network_acl" "inline" {
  vpc_id     = aws_vpc.acls.id
  subnet_ids = local.changed ? [aws_subnet.acls[1].id] : [aws_subnet.acls[0].id]

  ingress {
    rule_no    = 100
    protocol   = "tcp"
    action     = local.changed ? "deny" : "allow"
    cidr_block = "10.0.0.0/8"
    from_port  = 80
    to_port    = 443
  }
  ingress {
    rule_no    = 110
    protocol   = "icmp"
    action     = "allow"
    cidr_block = "0.0.0.0/0"
    icmp_type  = 8
    icmp_code  = -1
    from_port  = 0
    to_port    = 0
  }
  ingress {
    rule_no         = 120
    protocol        = "-1"
    action          = "deny"
    ipv6_cidr_block = "::/0"
    from_port       = 0
    to_port         = 0
  }
  egress {
    rule_no    = 200
    protocol   = "udp"
    action     = "allow"
    cidr_block = "0.0.0.0/0"
    from_port  = 1024
    to_port    = 65535
  }
  egress {
    rule_no         = 210
    protocol        = "58"
    action          = "allow"
    ipv6_cidr_block = "2001:db8::/32"
    icmp_type       = 128
    icmp_code       = 0
    from_port       = 0
    to_port         = 0
  }
  tags = { Name = local.word }
}

resource "aws_network_acl" "apart" {
  vpc_id = local.replaced ? aws_vpc.acls_again.id : aws_vpc.acls.id
}

resource "aws_vpc" "acls_again" {
  cidr_block = "10.12.0.0/16"
}

resource "aws_subnet" "acls_again" {
  vpc_id     = aws_vpc.acls_again.id
  cidr_block = "10.12.0.0/24"
}

resource "aws_network_acl_rule" "tcp" {
  network_acl_id = aws_network_acl.apart.id
  rule_number    = 10
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = "10.0.0.0/8"
  from_port      = 22
  to_port        = 22
}

resource "aws_network_acl_rule" "icmp" {
  network_acl_id = aws_network_acl.apart.id
  rule_number    = 20
  egress         = true
  protocol       = "1"
  rule_action    = "deny"
  cidr_block     = "0.0.0.0/0"
  icmp_type      = -1
  icmp_code      = -1
}

resource "aws_network_acl_rule" "ipv6" {
  network_acl_id  = aws_network_acl.apart.id
  rule_number     = 32766
  protocol        = "all"
  rule_action     = "allow"
  ipv6_cidr_block = "::/0"
}

resource "aws_network_acl_association" "apart" {
  network_acl_id = aws_network_acl.apart.id
  subnet_id      = local.replaced ? aws_subnet.acls_again.id : aws_subnet.acls[2].id
}

resource "aws_default_network_acl" "acls" {
  default_network_acl_id = aws_vpc.acls.default_network_acl_id
  subnet_ids             = [aws_subnet.acls[3].id]
  ingress {
    rule_no    = 100
    protocol   = "-1"
    action     = local.changed ? "deny" : "allow"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
  tags = { Name = "default ${local.word}" }

  lifecycle {
    ignore_changes = [subnet_ids]
  }
}

data "aws_network_acls" "of_vpc" {
  vpc_id     = aws_vpc.acls.id
  depends_on = [aws_network_acl.inline]
}

data "aws_network_acls" "of_subnet" {
  filter {
    name   = "association.subnet-id"
    values = aws_network_acl.inline.subnet_ids
  }
}

output "network_acl" {
  value = "read as written"
  precondition {
    condition     = contains(data.aws_network_acls.of_vpc.ids, aws_vpc.acls.default_network_acl_id)
    error_message = "the VPC's own ACL is not among its ACLs"
  }
  precondition {
    condition     = data.aws_network_acls.of_subnet.ids == tolist([aws_network_acl.inline.id])
    error_message = "the subnet's ACL is another"
  }
}
