# An earlier round of this lab goes first.
tag='ResourceType=vpc,Tags=[{Key=Lab,Value=private-subnet}]'
for old in $(aws ec2 describe-vpcs --filters Name=tag:Lab,Values=private-subnet \
  --query 'Vpcs[].VpcId' --output text); do isthmus delete vpc "$old" --yes; done

vpc=$(aws ec2 create-vpc --cidr-block 10.52.0.0/16 --tag-specifications "$tag" --query Vpc.VpcId --output text)
public=$(aws ec2 create-subnet --vpc-id "$vpc" --cidr-block 10.52.1.0/24 --query Subnet.SubnetId --output text)
igw=$(aws ec2 create-internet-gateway --query InternetGateway.InternetGatewayId --output text)
aws ec2 attach-internet-gateway --internet-gateway-id "$igw" --vpc-id "$vpc"

# The way out is in the main table: convenient with one subnet, and a trap with the second.
main=$(aws ec2 describe-route-tables --filters "Name=vpc-id,Values=$vpc" \
  --query 'RouteTables[0].RouteTableId' --output text)
aws ec2 create-route --route-table-id "$main" --destination-cidr-block 0.0.0.0/0 --gateway-id "$igw"
group=$(aws ec2 create-security-group --vpc-id "$vpc" --group-name front --description 'Hosts in the public subnet' \
  --query GroupId --output text)
aws ec2 run-instances --image-id resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64 \
  --instance-type t3.micro --subnet-id "$public" --security-group-ids "$group" --associate-public-ip-address
