# An earlier round of this lab goes first.
tag='ResourceType=vpc,Tags=[{Key=Lab,Value=forgotten-ephemeral-ports}]'
for old in $(aws ec2 describe-vpcs --filters Name=tag:Lab,Values=forgotten-ephemeral-ports \
  --query 'Vpcs[].VpcId' --output text); do isthmus delete vpc "$old" --yes; done

image=resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64
vpc=$(aws ec2 create-vpc --cidr-block 10.71.0.0/16 --tag-specifications "$tag" --query Vpc.VpcId --output text)
subnet=$(aws ec2 create-subnet --vpc-id "$vpc" --cidr-block 10.71.1.0/24 --query Subnet.SubnetId --output text)
igw=$(aws ec2 create-internet-gateway --query InternetGateway.InternetGatewayId --output text)
aws ec2 attach-internet-gateway --internet-gateway-id "$igw" --vpc-id "$vpc"
main=$(aws ec2 describe-route-tables --filters "Name=vpc-id,Values=$vpc" \
  --query 'RouteTables[0].RouteTableId' --output text)
aws ec2 create-route --route-table-id "$main" --destination-cidr-block 0.0.0.0/0 --gateway-id "$igw"
group=$(aws ec2 run-instances --image-id "$image" --instance-type t3.micro --subnet-id "$subnet" \
  --associate-public-ip-address --query 'Instances[0].SecurityGroups[0].GroupId' --output text)
aws ec2 authorize-security-group-ingress --group-id "$group" --protocol tcp --port 22 --cidr 0.0.0.0/0

acl=$(aws ec2 create-network-acl --vpc-id "$vpc" --query NetworkAcl.NetworkAclId --output text)
for direction in --ingress --egress; do
  aws ec2 create-network-acl-entry --network-acl-id "$acl" --rule-number 100 --protocol tcp --port-range From=22,To=22 \
    --cidr-block 0.0.0.0/0 --rule-action allow "$direction"
done
association=$(aws ec2 describe-network-acls --filters "Name=association.subnet-id,Values=$subnet" \
  --query "NetworkAcls[0].Associations[?SubnetId=='$subnet']|[0].NetworkAclAssociationId" --output text)
aws ec2 replace-network-acl-association --association-id "$association" --network-acl-id "$acl"
