acl=$(aws ec2 create-network-acl --vpc-id "$vpc" --query NetworkAcl.NetworkAclId --output text)
association=$(aws ec2 describe-network-acls --filters "Name=association.subnet-id,Values=$subnet" \
  --query "NetworkAcls[0].Associations[?SubnetId=='$subnet']|[0].NetworkAclAssociationId" --output text)
aws ec2 replace-network-acl-association --association-id "$association" --network-acl-id "$acl"
