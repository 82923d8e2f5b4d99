# Security groups in all three forms of rules: inline, one rule a resource, and the older one.

resource "aws_vpc" "groups" {
  cidr_block                       = "10.10.0.0/16"
  assign_generated_ipv6_cidr_block = true
}

resource "aws_vpc" "groups_beside" {
  cidr_block = "10.11.0.0/16"
}

resource "aws_ec2_managed_prefix_list" "groups" {
  name           = "groups"
  address_family = "IPv4"
  max_entries    = 3
}

resource "aws_default_security_group" "groups" {
  vpc_id = aws_vpc.groups.id
  ingress {
    protocol  = "-1"
    self      = true
    from_port = 0
    to_port   = 0
  }
  tags = { Name = "default ${local.word}" }
}

resource "aws_security_group" "inline" {
  name                   = local.replaced ? "inline again" : "inline"
  description            = "rules inline"
  vpc_id                 = aws_vpc.groups.id
  revoke_rules_on_delete = true

  ingress {
    description      = "web ${local.word}"
    from_port        = 80
    to_port          = local.changed ? 81 : 80
    protocol         = "tcp"
    cidr_blocks      = ["10.0.0.0/8", "192.168.0.0/16"]
    ipv6_cidr_blocks = ["2001:db8::/32"]
  }
  ingress {
    from_port       = 53
    to_port         = 53
    protocol        = "udp"
    self            = true
    security_groups = [aws_security_group.named_by_prefix.id]
    prefix_list_ids = [aws_ec2_managed_prefix_list.groups.id]
  }
  ingress {
    from_port   = 8
    to_port     = 0
    protocol    = "icmp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  ingress {
    from_port        = -1
    to_port          = -1
    protocol         = "icmpv6"
    ipv6_cidr_blocks = ["::/0"]
  }
  ingress {
    from_port   = 0
    to_port     = 0
    protocol    = "47"
    cidr_blocks = ["10.0.0.0/8"]
  }
  egress {
    from_port        = 0
    to_port          = 0
    protocol         = "-1"
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
  tags = { Name = local.word }
}

resource "aws_security_group" "named_by_prefix" {
  name_prefix = "prefix-"
  vpc_id      = aws_vpc.groups.id
}

resource "aws_security_group" "emptied" {
  vpc_id  = aws_vpc.groups.id
  ingress = []
  egress  = []
}

resource "aws_security_group" "rules_apart" {
  name   = "rules apart"
  vpc_id = aws_vpc.groups.id
}

resource "aws_vpc_security_group_ingress_rule" "ipv4" {
  security_group_id = aws_security_group.rules_apart.id
  cidr_ipv4         = local.changed ? "10.1.0.0/16" : "10.0.0.0/16"
  from_port         = 22
  to_port           = 22
  ip_protocol       = "tcp"
  description       = "ssh ${local.word}"
  tags              = { Name = "ipv4 ${local.word}" }
}

resource "aws_vpc_security_group_ingress_rule" "ipv6" {
  security_group_id = local.replaced ? aws_security_group.emptied_no_more.id : aws_security_group.rules_apart.id
  cidr_ipv6         = "2001:db8::/48"
  from_port         = 22
  to_port           = 22
  ip_protocol       = "tcp"
}

resource "aws_security_group" "emptied_no_more" {
  vpc_id = aws_vpc.groups.id
}

resource "aws_vpc_security_group_ingress_rule" "group" {
  security_group_id            = aws_security_group.rules_apart.id
  referenced_security_group_id = aws_security_group.named_by_prefix.id
  from_port                    = 1000
  to_port                      = 2000
  ip_protocol                  = "udp"
}

resource "aws_vpc_security_group_ingress_rule" "self" {
  security_group_id            = aws_security_group.rules_apart.id
  referenced_security_group_id = aws_security_group.rules_apart.id
  ip_protocol                  = "-1"
}

resource "aws_vpc_security_group_ingress_rule" "prefix_list" {
  security_group_id = aws_security_group.rules_apart.id
  prefix_list_id    = aws_ec2_managed_prefix_list.groups.id
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
}

resource "aws_vpc_security_group_ingress_rule" "icmp" {
  security_group_id = aws_security_group.rules_apart.id
  cidr_ipv4         = "0.0.0.0/0"
  from_port         = 3
  to_port           = 4
  ip_protocol       = "icmp"
}

resource "aws_vpc_security_group_ingress_rule" "number" {
  security_group_id = aws_security_group.rules_apart.id
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "50"
}

resource "aws_vpc_security_group_egress_rule" "all" {
  security_group_id = aws_security_group.rules_apart.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_vpc_security_group_egress_rule" "ipv6" {
  security_group_id = aws_security_group.rules_apart.id
  cidr_ipv6         = "::/0"
  from_port         = -1
  to_port           = -1
  ip_protocol       = "icmpv6"
}

resource "aws_security_group" "older_form" {
  name   = "older form"
  vpc_id = aws_vpc.groups.id
}

resource "aws_security_group_rule" "blocks" {
  type              = "ingress"
  security_group_id = aws_security_group.older_form.id
  protocol          = "tcp"
  from_port         = 80
  to_port           = local.replaced ? 81 : 80
  cidr_blocks       = ["10.0.0.0/8", "172.16.0.0/12"]
  ipv6_cidr_blocks  = ["2001:db8::/32"]
  description       = "older ${local.word}"
}

resource "aws_security_group_rule" "self" {
  type              = "ingress"
  security_group_id = aws_security_group.older_form.id
  protocol          = "all"
  from_port         = 0
  to_port           = 65535
  self              = true
}

resource "aws_security_group_rule" "group" {
  type                     = "egress"
  security_group_id        = aws_security_group.older_form.id
  protocol                 = "udp"
  from_port                = 53
  to_port                  = 53
  source_security_group_id = aws_security_group.inline.id
}

resource "aws_security_group_rule" "prefix_list" {
  type              = "egress"
  security_group_id = aws_security_group.older_form.id
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  prefix_list_ids   = [aws_ec2_managed_prefix_list.groups.id]
}

resource "aws_vpc_security_group_vpc_association" "beside" {
  security_group_id = aws_security_group.rules_apart.id
  vpc_id            = local.replaced ? aws_vpc.plain.id : aws_vpc.groups_beside.id
}

data "aws_security_group" "by_name" {
  vpc_id     = aws_vpc.groups.id
  name       = "rules apart"
  depends_on = [aws_security_group.rules_apart]
}

data "aws_security_groups" "by_rule" {
  filter {
    name   = "ip-permission.protocol"
    values = ["47"]
  }
  filter {
    name   = "vpc-id"
    values = [aws_vpc.groups.id]
  }
  depends_on = [aws_security_group.inline]
}

data "aws_vpc_security_group_rule" "by_id" {
  security_group_rule_id = aws_vpc_security_group_ingress_rule.ipv4.security_group_rule_id
}

data "aws_vpc_security_group_rules" "of_group" {
  filter {
    name   = "group-id"
    values = [aws_security_group.older_form.id]
  }
  depends_on = [
    aws_security_group_rule.blocks, aws_security_group_rule.self, aws_security_group_rule.group,
    aws_security_group_rule.prefix_list,
  ]
}

output "security_group" {
  value = "read as written"
  precondition {
    condition     = data.aws_security_group.by_name.id == aws_security_group.rules_apart.id && data.aws_security_groups.by_rule.ids == tolist([aws_security_group.inline.id])
    error_message = "a filter finds another group"
  }
  precondition {
    condition     = data.aws_vpc_security_group_rule.by_id.cidr_ipv4 == aws_vpc_security_group_ingress_rule.ipv4.cidr_ipv4
    error_message = "the rule is read otherwise than written"
  }
  precondition {
    condition     = length(data.aws_vpc_security_group_rules.of_group.ids) == 6
    error_message = "the group has other rules"
  }
}
