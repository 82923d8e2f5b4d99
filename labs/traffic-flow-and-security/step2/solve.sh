igw=$(aws ec2 create-internet-gateway --query InternetGateway.InternetGatewayId --output text)
aws ec2 attach-internet-gateway --internet-gateway-id "$igw" --vpc-id "$vpc"
aws ec2 create-route --route-table-id "$subnet_routeTable" --destination-cidr-block 0.0.0.0/0 --gateway-id "$igw"
