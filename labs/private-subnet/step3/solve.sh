group=$(aws ec2 create-security-group --vpc-id "$vpc" --group-name back --description 'Hosts in the private subnet' \
  --query GroupId --output text)
aws ec2 authorize-security-group-ingress --group-id "$group" --protocol tcp --port 22 --source-group "$front_sg"
aws ec2 run-instances --image-id resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64 \
  --instance-type t3.micro --subnet-id "$private" --security-group-ids "$group" --no-associate-public-ip-address
