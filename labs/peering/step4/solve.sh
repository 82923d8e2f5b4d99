image=resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64
for subnet in "$subnet1" "$subnet2"; do
  aws ec2 run-instances --image-id "$image" --instance-type t2.micro --subnet-id "$subnet" \
    --no-associate-public-ip-address
done
