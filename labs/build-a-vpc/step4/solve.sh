image=resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64
group=$(aws ec2 run-instances --image-id "$image" --instance-type t3.micro --subnet-id "$public" \
  --associate-public-ip-address --query 'Instances[0].SecurityGroups[0].GroupId' --output text)
aws ec2 run-instances --image-id "$image" --instance-type t3.micro --subnet-id "$private"
aws ec2 authorize-security-group-ingress --group-id "$group" \
  --ip-permissions 'IpProtocol=icmp,FromPort=8,ToPort=-1,IpRanges=[{CidrIp=0.0.0.0/0}]'
