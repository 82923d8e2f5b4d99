# An earlier round of this lab goes first.
tag='ResourceType=vpc,Tags=[{Key=Lab,Value=test-connectivity}]'
for old in $(aws ec2 describe-vpcs --filters Name=tag:Lab,Values=test-connectivity \
  --query 'Vpcs[].VpcId' --output text); do isthmus delete vpc "$old" --yes; done

vpc=$(aws ec2 create-vpc --cidr-block 10.53.0.0/16 --tag-specifications "$tag" --query Vpc.VpcId --output text)
public=$(aws ec2 create-subnet --vpc-id "$vpc" --cidr-block 10.53.1.0/24 --query Subnet.SubnetId --output text)
aws ec2 create-subnet --vpc-id "$vpc" --cidr-block 10.53.2.0/24
igw=$(aws ec2 create-internet-gateway --query InternetGateway.InternetGatewayId --output text)
aws ec2 attach-internet-gateway --internet-gateway-id "$igw" --vpc-id "$vpc"

# The second subnet uses the main table, which leads nowhere else.
table=$(aws ec2 create-route-table --vpc-id "$vpc" --query RouteTable.RouteTableId --output text)
aws ec2 create-route --route-table-id "$table" --destination-cidr-block 0.0.0.0/0 --gateway-id "$igw"
aws ec2 associate-route-table --route-table-id "$table" --subnet-id "$public"
aws ec2 create-security-group --vpc-id "$vpc" --group-name front --description 'The public host'
aws ec2 create-security-group --vpc-id "$vpc" --group-name back --description 'The private host'
