# EC2 says no as long as the instance has a public address.
if aws ec2 detach-internet-gateway --internet-gateway-id "$igw" --vpc-id "$vpc"; then exit 1; fi

isthmus delete vpc "$vpc" --yes
