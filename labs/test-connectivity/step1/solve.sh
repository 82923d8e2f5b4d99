image=resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64
aws ec2 run-instances --image-id "$image" --instance-type t3.micro --subnet-id "$public" \
  --security-group-ids "$front" --associate-public-ip-address
aws ec2 run-instances --image-id "$image" --instance-type t3.micro --subnet-id "$private" \
  --security-group-ids "$back" --no-associate-public-ip-address
