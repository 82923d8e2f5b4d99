# Refused before any packet: there is no public address.
if isthmus connect "$i1" -- true; then exit 1; fi

allocation=$(aws ec2 allocate-address --query AllocationId --output text)
aws ec2 associate-address --allocation-id "$allocation" --instance-id "$i1"
