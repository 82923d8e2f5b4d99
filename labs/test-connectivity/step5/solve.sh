aws ec2 authorize-security-group-ingress --group-id "$front" --protocol tcp --port 80 --cidr 0.0.0.0/0

# A simulated instance runs no programs: there, a refusal is the answer that shows the way is open.
isthmus exec "$web" -- sh -c 'cd /tmp && setsid -f python3 -m http.server 80 > /dev/null 2>&1' || true
