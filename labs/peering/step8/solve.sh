# EC2 says no as long as something is in it.
if aws ec2 delete-vpc --vpc-id "$vpc1"; then exit 1; fi

aws ec2 disassociate-address --association-id "$eip_association"
aws ec2 release-address --allocation-id "$eip"
aws ec2 terminate-instances --instance-ids "$i1" "$i2"
aws ec2 delete-vpc-peering-connection --vpc-peering-connection-id "$pcx"
isthmus delete vpc "$vpc1" --yes
isthmus delete vpc "$vpc2" --yes
