acl=$(aws ec2 create-network-acl --vpc-id "$vpc" --query NetworkAcl.NetworkAclId --output text)
aws ec2 create-network-acl-entry --network-acl-id "$acl" --ingress --rule-number 100 --protocol tcp \
  --port-range From=22,To=22 --cidr-block 10.52.1.0/24 --rule-action allow
aws ec2 create-network-acl-entry --network-acl-id "$acl" --egress --rule-number 100 --protocol tcp \
  --port-range From=1024,To=65535 --cidr-block 10.52.1.0/24 --rule-action allow
association=$(aws ec2 describe-network-acls --filters "Name=association.subnet-id,Values=$private" \
  --query "NetworkAcls[0].Associations[?SubnetId=='$private']|[0].NetworkAclAssociationId" --output text)
aws ec2 replace-network-acl-association --association-id "$association" --network-acl-id "$acl"
