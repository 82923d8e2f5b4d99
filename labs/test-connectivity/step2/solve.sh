aws ec2 authorize-security-group-ingress --group-id "$front" --protocol tcp --port 22 --cidr 18.206.107.24/29
isthmus status --wait
isthmus connect "$web" -- hostname
