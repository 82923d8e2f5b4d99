aws ec2 authorize-security-group-ingress --group-id "$back" \
  --ip-permissions "IpProtocol=icmp,FromPort=-1,ToPort=-1,UserIdGroupPairs=[{GroupId=$front}]"
