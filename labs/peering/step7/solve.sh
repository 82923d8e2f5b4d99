aws ec2 authorize-security-group-ingress --group-id "$i2_sg" \
  --ip-permissions 'IpProtocol=icmp,FromPort=-1,ToPort=-1,IpRanges=[{CidrIp=10.1.0.0/16}]'
